import { createHash } from 'node:crypto';

/** Chance that can be repeated: the same seeds give the same draws, whatever others draw meanwhile. */
export class Random {
  private readonly seed: string;
  private drawn: number[] = [];
  private block = 0;

  constructor(...seeds: ReadonlyArray<string | number>) {
    this.seed = seeds.join('/');
  }

  /** From 0 to 1, without 1. */
  next(): number {
    if (this.drawn.length === 0) {
      const bytes = createHash('sha256').update(`${this.seed}#${this.block++}`).digest();
      this.drawn = Array.from({ length: 8 }, (_, index) => bytes.readUInt32BE(index * 4) / 2 ** 32);
    }
    return this.drawn.pop()!;
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  between(low: number, high: number): number {
    return low + this.next() * (high - low);
  }

  /** A whole number, both ends included. */
  whole(low: number, high: number): number {
    return Math.floor(this.between(low, high + 1));
  }

  pick<T>(items: readonly T[]): T {
    return items[this.whole(0, items.length - 1)];
  }

  /** The same items in another order. */
  shuffled<T>(items: readonly T[]): T[] {
    const drawn = items.map((item) => ({ item, order: this.next() }));
    return drawn.sort((a, b) => a.order - b.order).map(({ item }) => item);
  }
}

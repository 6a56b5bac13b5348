import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

/** Where a store that speaks HTTP meets every request, and what it does then. */
export class Entrance<Exchange extends { readonly response: ServerResponse }> {
  /** Before anything is done. */
  delayMs = 0;
  /** Requests without an answer so far. */
  underWay = 0;
  /** Done with every request instead of what is right. */
  instead: ((exchange: Exchange) => unknown) | undefined;

  constructor(private readonly isRight: (exchange: Exchange) => unknown) {}

  async meet(exchange: Exchange): Promise<void> {
    this.underWay += 1;
    exchange.response.on('close', () => { this.underWay -= 1; });
    await sleep(this.delayMs);
    await (this.instead ?? this.isRight)(exchange);
  }
}

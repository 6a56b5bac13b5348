import type { Column, UserRow } from '../../user-row';

/** Rows for one statement. */
export interface Batch {
  /** That every one of its rows has. */
  readonly columns: readonly Column[];
  /** In the order of their keys, each of which is there once. */
  readonly rows: readonly PlacedRow[];
}

export interface PlacedRow {
  readonly row: UserRow;
  /** Its place among the rows of the call. */
  readonly place: number;
  readonly key: string;
}

/** Planning a statement costs as much as 50 rows; beyond 500, more of them per statement gain nothing that can be measured. */
const MOST_ROWS = 500;

/**
 * Sorts rows into batches, and these into rounds, one to be written after the other: where a key is there more than
 * once, what came last is written last.
 */
export function rounds(rows: readonly UserRow[], key: readonly string[], columns: readonly Column[]): Batch[][] {
  const timesSeen = new Map<string, number>();
  const shapesByRound: Map<string, PlacedRow[]>[] = [];
  rows.forEach((row, place) => {
    const placed = { row, place, key: key.map((name) => row.get(name)).join('\0') };
    const round = timesSeen.get(placed.key) ?? 0;
    timesSeen.set(placed.key, round + 1);
    const shapes = (shapesByRound[round] ??= new Map());
    const shape = row.size === columns.length ? '' : [...row.keys()].join('\0');
    if (!shapes.has(shape)) shapes.set(shape, []);
    shapes.get(shape)!.push(placed);
  });
  return shapesByRound.map((shapes) => [...shapes.values()].flatMap((sameShape) => batchesOf(sameShape, columns)));
}

/** @param batch with more than one row */
export function halves({ columns, rows }: Batch): Batch[] {
  const middle = Math.ceil(rows.length / 2);
  return [rows.slice(0, middle), rows.slice(middle)].map((half) => ({ columns, rows: half }));
}

function batchesOf(rows: PlacedRow[], columns: readonly Column[]): Batch[] {
  const mapped = columns.filter(({ name }) => rows[0].row.has(name));
  const sorted = rows.sort((a, b) => (a.key < b.key ? -1 : 1));
  return Array.from({ length: Math.ceil(sorted.length / MOST_ROWS) }, (_, index) => (
    { columns: mapped, rows: sorted.slice(index * MOST_ROWS, (index + 1) * MOST_ROWS) }
  ));
}

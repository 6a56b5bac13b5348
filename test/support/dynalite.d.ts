/** Of dynalite, which brings none. https://github.com/architect/dynalite#api */
declare module 'dynalite' {
  import type { Server } from 'node:http';

  export default function dynalite(options?: DynaliteOptions): Server;

  export interface DynaliteOptions {
    /** @default 500 */
    readonly createTableMs?: number;
    /** @default 500 */
    readonly deleteTableMs?: number;
    /** @default 500 */
    readonly updateTableMs?: number;
  }
}

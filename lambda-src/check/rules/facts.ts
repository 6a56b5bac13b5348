import type { InspectedColumn } from '../inspection/columns';
import type { InspectedTable } from '../inspection/inspection';
import type { InspectedLogin } from '../inspection/login';
import type { MappedColumn, Target } from '../target';

/** What the rules judge. */
export interface Facts {
  readonly target: Target;
  readonly table: InspectedTable;
  readonly login: InspectedLogin;
  /** Quoted and qualified. */
  readonly quoted: string;
  /** Mapped columns that are there. */
  readonly pairs: readonly ColumnPair[];
}

export interface ColumnPair {
  readonly mapped: MappedColumn;
  readonly column: InspectedColumn;
}

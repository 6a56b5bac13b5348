import type { MappedColumn } from './target';
import { CLIENT_METADATA_PREFIX, USER_SOURCES } from '../../src/private/plan';

/**
 * Whether a user who is written has a value for the column: `always`, or it may be `absent`, which writes null whatever
 * the column's default is, or `unknown`, which leaves the column out of the row. As `mapping/` decides it.
 */
export type Presence = 'always' | 'absent' | 'unknown';

export function presence({ plan, isKey, write }: MappedColumn): Presence {
  const { from = '', constant, fallback, required } = plan;
  if (constant !== undefined || required || isKey) return 'always';
  // No trigger event tells whether the user is enabled.
  const isUnknown = from === 'enabled' || from.startsWith(CLIENT_METADATA_PREFIX);
  // A fallback stands in for the unknown only where it cannot replace what was known.
  if (isUnknown) return fallback !== undefined && write !== 'always' ? 'always' : 'unknown';
  return fallback !== undefined || (USER_SOURCES as readonly string[]).includes(from) ? 'always' : 'absent';
}

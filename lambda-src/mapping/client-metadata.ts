import type { ColumnMapping } from './row-mapping';
import { CLIENT_METADATA_PREFIX } from '../../src/private/plan';

/**
 * Which client metadata the columns are written from. Cognito does not keep it, so it must wait in the queue with its
 * user; and no more of it than that, since apps send secrets in it, too (a captcha's answer, an invitation code). A
 * function may read any.
 *
 * @param columns as they were given: they may be wrong in other ways, and the user waits all the same
 */
export function mapsClientMetadata(columns: Readonly<Record<string, ColumnMapping>>): (key: string) => boolean {
  const sources = Object.values(Object(columns) as typeof columns).map((mapping) => (typeof mapping === 'object' && mapping !== null ? mapping.from : mapping));
  return (key) => sources.some((source) => typeof source === 'function' || source === CLIENT_METADATA_PREFIX + key);
}

import type { Finding } from '../check';

/** One message for whoever reads the stack's events: what is wrong, and the SQL that mends it. */
export function errorReport(findings: readonly Finding[], table: string): string {
  const errors = findings.filter(({ severity }) => severity === 'error');
  const items = errors.map(({ message, sql }, index) => `(${index + 1}) ${message}${sql === null ? '' : ` SQL: ${sql}`}`);
  return `users could not be written to ${table}: ${items.join(' ')}`;
}

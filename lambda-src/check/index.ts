export { checkTable } from './check-table';
export type { Finding } from './finding';
export { LOGIN_REFUSALS, type LoginTarget, loginStatement } from './login-statement';
export { createTableStatement } from './table-statement';
export type { CheckTarget } from './target';

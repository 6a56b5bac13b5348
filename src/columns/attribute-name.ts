import { Token } from 'aws-cdk-lib';
import { STANDARD_ATTRIBUTES } from '../private/plan';

const CUSTOM = /^(?:dev:)?custom:(?!custom:)./;

/**
 * Which names of user attributes Cognito can have, so that a typing mistake is found before the first user signs up.
 * A token passes: its text is only known at deployment.
 *
 * @throws a plain `Error` that says what was got, what is expected and which factory to use
 */
export function checkAttributeName(name: string): void {
  if (Token.isUnresolved(name) || name === 'sub' || CUSTOM.test(name) || (STANDARD_ATTRIBUTES as readonly string[]).includes(name)) return;
  const got = `got attribute ${JSON.stringify(name)}`;
  if (name.startsWith('cognito:')) {
    throw new Error(`${got}, but Cognito keeps the prefix cognito: for itself: use ColumnValue.status() for cognito:user_status, or ColumnValue.attribute('email') for cognito:email_alias`);
  }
  if (name.includes('custom:')) {
    throw new Error(`${got}, expected custom:<name> or dev:custom:<name> with the prefix once: use ColumnValue.attribute(${JSON.stringify(`custom:${name.split(':').pop() || '<name>'}`)})`);
  }
  throw new Error(`${got}, expected sub, ${STANDARD_ATTRIBUTES.join(', ')}, or custom:<name>: write an attribute of your own with its prefix custom:, and use a factory such as ColumnValue.username() for what is not an attribute`);
}

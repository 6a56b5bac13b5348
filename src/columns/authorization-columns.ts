import { Annotations } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { CLIENT_METADATA_PREFIX, USER_SOURCES, type ColumnPlan } from '../private/plan';

/** As single words of a column's name: `is_admin`, `tenantId`, `roles`. */
const AUTHORIZATION_WORDS = /(?:^|_)(?:admin|administrator|group|permission|privilege|role|scope|superuser|tenant)s?(?:_|$)/;

/**
 * People write most of their attributes, and all client metadata, themselves: a column that looks as if it decided
 * what they may do must not come from there.
 * https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-attributes.html
 */
export function warnOfAuthorizationColumns(scope: Construct, columns: Readonly<Record<string, ColumnPlan>>): void {
  for (const [column, plan] of Object.entries(columns)) {
    const source = typeof plan === 'string' ? plan : plan.from;
    if (source === undefined || !isWrittenByUsers(source) || !AUTHORIZATION_WORDS.test(snakeCase(column))) continue;
    Annotations.of(scope).addWarningV2(
      `cognito-user-sync:authorizationColumn:${column}`,
      `column ${column} looks as if it decided what users may do, but users may write ${source} themselves: have the application own that column, or make sure that no app client may write the attribute`,
    );
  }
}

function isWrittenByUsers(source: string): boolean {
  if (source.startsWith(CLIENT_METADATA_PREFIX)) return true;
  // Developer attributes are written with AWS credentials only.
  return !source.startsWith('dev:') && !(USER_SOURCES as readonly string[]).includes(source);
}

function snakeCase(name: string): string {
  return name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').replace(/[^A-Za-z0-9]+/g, '_').toLowerCase();
}

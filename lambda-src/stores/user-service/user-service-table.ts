import type { UserServicePlan } from '../../../src/private/plan';
import type { AwsEnvironment } from '../../aws/environment';
import { ConfigurationError } from '../../errors';
import type { UsersTable } from '../../user-store';

/** An application's own service, which keeps the users itself. */
export function userServiceTable({ key }: UserServicePlan, _aws: AwsEnvironment): UsersTable {
  return {
    key,
    names: 'plain',
    store: () => { throw new ConfigurationError('the user service comes next'); },
  };
}

import { deepEqual, equal } from 'node:assert/strict';
import { checkTable } from '../emulated/deployment';
import { databaseOf } from '../emulated/postgres';
import { allowedBy, idsOf } from '../emulated/template';
import type { Example } from '../example';

export const example: Example = {
  checkTemplate({ template, warnings }) {
    deepEqual(warnings, []);
    deepEqual(idsOf(template, 'AWS::Lambda::LayerVersion', 'AWS::EC2::NatGateway', 'AWS::EC2::VPCEndpoint'), []);
    // The master user's password is for one function alone, which creates the login; the others have no password.
    equal(allowedBy(template).filter(({ actions }) => actions.includes('secretsmanager:GetSecretValue')).length, 1);
  },

  async endToEnd(stack) {
    const database = await databaseOf(stack);
    // The table is younger than the database: the deployment warns, with the SQL that makes it.
    const [{ code, sql = '' }] = await checkTable(stack);
    equal(code, 'tableMissing');
    await database.sql(sql);
    deepEqual(await checkTable(stack), []);

    const users = await stack.users();
    const { sub } = await users.signUp({ email: 'ada@example.com', attributes: { name: 'Ada Lovelace', preferred_username: 'ada' } });
    deepEqual(await database.sql('select * from public.users'), []);
    await users.confirmSignUp('ada@example.com');
    deepEqual(await database.sql('select * from public.users'), [{ cognito_user_id: sub, email: 'ada@example.com', display_name: 'Ada Lovelace', handle: 'ada' }]);

    // The login that the deployment has created may do this, and nothing else.
    deepEqual(await database.sql("select privilege_type from information_schema.table_privileges where grantee = 'user_sync'"), []);
    deepEqual(await database.sql("select distinct privilege_type from information_schema.column_privileges where grantee = 'user_sync' order by 1"), [
      { privilege_type: 'INSERT' }, { privilege_type: 'SELECT' }, { privilege_type: 'UPDATE' },
    ]);
  },
};

import { deepEqual, equal, ok } from 'node:assert/strict';
import { checkTable } from '../emulated/deployment';
import { databaseOf } from '../emulated/postgres';
import { idsOf, onlyIdOf } from '../emulated/template';
import type { Example } from '../example';

export const example: Example = {
  checkTemplate({ template, warnings }) {
    deepEqual(warnings, []);
    const { ServerlessV2ScalingConfiguration } = template.Resources[onlyIdOf(template, 'AWS::RDS::DBCluster')].Properties;
    equal(ServerlessV2ScalingConfiguration.MinCapacity, 0);
    deepEqual(idsOf(template, 'AWS::EC2::NatGateway', 'AWS::EC2::VPCEndpoint'), []);
  },

  async endToEnd(stack) {
    const [database, users] = await Promise.all([databaseOf(stack), stack.users()]);
    const [{ sql = '' }] = await checkTable(stack); // creates the table
    await database.sql(sql);

    await database.pause();
    const { sub } = await users.signUp({ email: 'grace@example.com' });
    const begin = performance.now();
    await users.confirmSignUp('grace@example.com');
    ok(performance.now() - begin < 4_500, 'sign-up has waited for a database that sleeps');

    const queue = await stack.queue();
    await queue.poll(); // the consumer meets the sleeping database, and the message comes again
    deepEqual(await database.sql('select * from public.users'), []);
    await database.resume();
    await queue.drain();
    deepEqual(await database.sql('select cognito_user_id, email, seen_at is not null as seen from public.users'), [{ cognito_user_id: sub, email: 'grace@example.com', seen: true }]);
  },
};

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Stack, aws_cognito as cognito, aws_dynamodb as dynamodb, type aws_lambda as lambda } from 'aws-cdk-lib';
import { columns, functionOf, iamProps, instanceIn, IRELAND, isolatedVpcIn, newStack, secretIn, syncIn, type FunctionName } from './stacks';
import { CognitoUserSync, Delivery, UserDatabase } from '../../src';
import { certificates } from '../support/certificates';

/** The folder that is uploaded as a function's code. */
function codeOf(stack: ReturnType<typeof newStack>, name: FunctionName): string {
  const { directory } = (stack.node.root as App).synth();
  return join(directory, `asset.${functionOf(stack, name).Properties.Code.S3Key.replace('.zip', '')}`);
}

test('certificate authorities of one\'s own lie beside every function that connects, and beside no other', async () => {
  const { ca } = await certificates();
  const stack = newStack('App', IRELAND, new App());
  syncIn(stack, { database: UserDatabase.fromSecret(secretIn(stack), { table: 'users', certificateAuthorities: ca }), delivery: Delivery.queued() });
  for (const name of ['Consumer', 'Inspector'] as const) {
    expect(readFileSync(join(codeOf(stack, name), 'certificates', 'own.pem'), 'utf8').trim()).toBe(ca.trim());
    expect(readFileSync(join(codeOf(stack, name), 'index.js'))).toEqual(readFileSync(join(__dirname, '..', '..', 'assets', name.toLowerCase(), 'index.js')));
  }
  expect(existsSync(join(codeOf(stack, 'Trigger'), 'certificates', 'own.pem'))).toBe(false);
});

test('the code is the same asset at every synthesis, and another one with other authorities', async () => {
  const { ca, wrongCa } = await certificates();
  const assetWith = (certificateAuthorities: string) => {
    const stack = newStack('App', IRELAND, new App());
    syncIn(stack, { database: UserDatabase.fromSecret(secretIn(stack), { table: 'users', certificateAuthorities }) });
    return functionOf(stack, 'Trigger').Properties.Code.S3Key;
  };
  expect(assetWith(ca)).toBe(assetWith(ca));
  expect(assetWith(wrongCa)).not.toBe(assetWith(ca));
});

test('two syncs of one app have the authorities that each was given', async () => {
  const { ca, wrongCa } = await certificates();
  const stack = newStack('App', IRELAND, new App());
  const syncs = [ca, wrongCa].map((certificateAuthorities, index) => new CognitoUserSync(stack, `Sync${index}`, {
    userPool: new cognito.UserPool(stack, `Pool${index}`),
    database: UserDatabase.fromSecret(secretIn(new Stack(stack.node.root, `Secrets${index}`, IRELAND)), { table: 'users', certificateAuthorities }),
    columns,
  }));
  const [one, other] = syncs.map(({ triggerFunction }) => (triggerFunction.node.defaultChild as lambda.CfnFunction).code as lambda.CfnFunction.CodeProperty);
  expect(one.s3Key).not.toBe(other.s3Key);
});

test.each<[string, (stack: Stack) => UserDatabase, Partial<Record<FunctionName, string>>]>([
  ['PostgreSQL', (stack) => UserDatabase.fromSecret(secretIn(stack), { table: 'users' }), { Trigger: 'trigger', Consumer: 'consumer' }],
  ['PostgreSQL through a relay', (stack) => UserDatabase.fromInstance(instanceIn(stack, { vpc: isolatedVpcIn(stack) }), iamProps), { Trigger: 'trigger-relay', Consumer: 'consumer-relay', Writer: 'writer' }],
  ['DynamoDB', (stack) => UserDatabase.dynamoDb(dynamodb.Table.fromTableName(stack, 'Table', 'users')), { Trigger: 'trigger-dynamo-db', Consumer: 'consumer-dynamo-db' }],
  ['a user service through a relay', (stack) => UserDatabase.userService('https://users.internal/users', { vpc: isolatedVpcIn(stack) }), { Trigger: 'trigger-relay', Consumer: 'consumer-relay', Writer: 'writer-user-service' }],
])('the functions for %s load nothing that they do not need', (_case, database, assets) => {
  const stack = newStack('App', IRELAND, new App());
  syncIn(stack, { database: database(stack) });
  for (const [name, asset] of Object.entries(assets)) {
    expect([name, readFileSync(join(codeOf(stack, name as FunctionName), 'index.js'), 'utf8') === readFileSync(join(__dirname, '..', '..', 'assets', asset, 'index.js'), 'utf8')]).toEqual([name, true]);
  }
});

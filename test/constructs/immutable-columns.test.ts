import { aws_cognito as cognito } from 'aws-cdk-lib';
import { newStack, secretIn, syncIn } from './stacks';
import { ColumnValue, UserDatabase } from '../../src';

const columnsWith = (attribute: string) => ({ id: ColumnValue.sub(), fixed: ColumnValue.attribute(attribute, { immutable: true }) });
const key = ['id'];

test.each<[string, cognito.UserPoolProps, string]>([
  ['a custom attribute', { customAttributes: { employee: new cognito.StringAttribute({ mutable: false }) } }, 'custom:employee'],
  ['a custom attribute by default', { customAttributes: { employee: new cognito.StringAttribute() } }, 'custom:employee'],
  ['a standard attribute', { standardAttributes: { email: { required: true, mutable: false } } }, 'email'],
  ['a standard attribute beside a custom one of its name', { standardAttributes: { email: { required: true, mutable: false } }, customAttributes: { email: new cognito.StringAttribute({ mutable: true }) } }, 'email'],
  ['a custom attribute beside the standard one of its name', { standardAttributes: { email: { required: true, mutable: true } }, customAttributes: { email: new cognito.StringAttribute({ mutable: false }) } }, 'custom:email'],
  ['sub, which nobody can change', {}, 'sub'],
])('a column may be immutable where the pool says so of %s', (_case, pool, attribute) => {
  const stack = newStack();
  expect(() => syncIn(stack, { userPool: new cognito.UserPool(stack, 'UserPool', pool), columns: columnsWith(attribute), database: UserDatabase.fromSecret(secretIn(stack), { table: 'users', key }) })).not.toThrow();
});

test('what an imported pool lets people change is not known', () => {
  const stack = newStack();
  expect(() => syncIn(stack, { userPool: cognito.UserPool.fromUserPoolId(stack, 'Imported', 'eu-west-1_AbCdEfGhI'), columns: columnsWith('email') })).not.toThrow('immutable');
});

test.each<[string, cognito.UserPoolProps, string]>([
  ['a custom attribute that the pool lets people change', { customAttributes: { employee: new cognito.StringAttribute({ mutable: true }) } }, 'custom:employee'],
  ['a standard attribute that the pool does not mention', {}, 'email'],
  ['a custom attribute beside a standard one of its name', { standardAttributes: { email: { required: true, mutable: false } }, customAttributes: { email: new cognito.StringAttribute({ mutable: true }) } }, 'custom:email'],
  ['a standard attribute that the pool lets people change', { standardAttributes: { email: { required: true, mutable: true } } }, 'email'],
])('fails on an immutable column from %s', (_case, pool, attribute) => {
  const stack = newStack();
  expect(() => syncIn(stack, { userPool: new cognito.UserPool(stack, 'UserPool', pool), columns: columnsWith(attribute), database: UserDatabase.fromSecret(secretIn(stack), { table: 'users', key }) }))
    .toThrow(`App/UserSync: column "fixed": got immutable: true for ${attribute}, which the user pool lets people change`);
});

test.each([
  ['no such custom attribute', { customAttributes: { employee: new cognito.StringAttribute({ mutable: false }) } }, 'custom:emplyee'],
  ['a standard attribute alone of that name', { standardAttributes: { email: { required: true, mutable: false } } }, 'custom:email'],
])('fails on an immutable column where the pool has %s', (_case, pool, attribute) => {
  const stack = newStack();
  expect(() => syncIn(stack, { userPool: new cognito.UserPool(stack, 'UserPool', pool), columns: columnsWith(attribute) }))
    .toThrow(`App/UserSync: column "fixed": got immutable: true for ${attribute}, which the user pool does not define: add it to the pool's customAttributes with mutable: false`);
});

import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { columns, newStack, syncIn } from './stacks';
import { ColumnValue } from '../../src';

test.each<[string, ColumnValue]>([
  ['role', ColumnValue.attribute('custom:role')],
  ['roles', ColumnValue.clientMetadata('roles')],
  ['tenant', ColumnValue.attribute('custom:tenant', { required: true })],
  ['tenantId', ColumnValue.attribute('custom:tenant')],
  ['is_admin', ColumnValue.attribute('profile')],
  ['isAdmin', ColumnValue.attribute('profile')],
  ['admin', ColumnValue.attribute('profile')],
  ['permissions', ColumnValue.clientMetadata('permissions', { fallback: '' })],
  ['"User Role"', ColumnValue.attribute('custom:role')],
])('warns of %s, which users could write themselves', (column, value) => {
  expect(warningsFor(column, value)).toEqual([expect.stringContaining(`column ${column} looks as if it decided what users may do`)]);
});

test.each<[string, ColumnValue]>([
  ['role', ColumnValue.constant('member')],
  ['role', ColumnValue.attribute('dev:custom:role')],
  ['tenant', ColumnValue.userPoolId()],
  ['email', ColumnValue.attribute('email')],
  ['controller', ColumnValue.attribute('name')],
  ['administrative_area', ColumnValue.attribute('address')],
])('does not warn of %s where there is nothing to warn of', (column, value) => {
  expect(warningsFor(column, value)).toEqual([]);
});

function warningsFor(column: string, value: ColumnValue): unknown[] {
  const stack = newStack();
  syncIn(stack, { columns: { ...columns, [column]: value } });
  return Annotations.fromStack(stack).findWarning('/App/UserSync', Match.anyValue()).map(({ entry }) => entry.data);
}

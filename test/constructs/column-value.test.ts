import { Token } from 'aws-cdk-lib';
import { ColumnKind, ColumnValue, ColumnWrite } from '../../src';
import { COLUMN_KINDS, COLUMN_WRITES, STANDARD_ATTRIBUTES } from '../../src/private/plan';

test.each<[string, ColumnValue, unknown]>([
  ['an attribute', ColumnValue.attribute('email'), 'email'],
  ['sub as an attribute', ColumnValue.attribute('sub'), 'sub'],
  ['a custom attribute', ColumnValue.attribute('custom:plan'), 'custom:plan'],
  ['a developer attribute', ColumnValue.attribute('dev:custom:plan'), 'dev:custom:plan'],
  ['an attribute whose options are the defaults', ColumnValue.attribute('email', { kind: ColumnKind.TEXT, write: ColumnWrite.ALWAYS, required: false }), 'email'],
  ['an attribute with options', ColumnValue.attribute('birthdate', { kind: ColumnKind.DATE, write: ColumnWrite.WHILE_NULL, fallback: '1970-01-01', required: true }),
    { from: 'birthdate', kind: 'date', write: 'whileNull', fallback: '1970-01-01', required: true }],
  ['an empty fallback', ColumnValue.attribute('name', { fallback: '' }), { from: 'name', fallback: '' }],
  ['sub', ColumnValue.sub(), 'sub'],
  ['the user name', ColumnValue.username(), 'username'],
  ['the pool id', ColumnValue.userPoolId(), 'userPoolId'],
  ['the status', ColumnValue.status(), 'status'],
  ['enabled', ColumnValue.enabled(), 'enabled'],
  ['the identity provider', ColumnValue.identityProvider(), 'identityProvider'],
  ['all attributes', ColumnValue.allAttributes(), 'attributes'],
  ['the observation time', ColumnValue.observedAt(), 'observedAt'],
  ['client metadata', ColumnValue.clientMetadata('campaign'), 'clientMetadata:campaign'],
  ['client metadata with options', ColumnValue.clientMetadata('age', { kind: ColumnKind.INTEGER, fallback: '0', required: true }),
    { from: 'clientMetadata:age', kind: 'integer', fallback: '0', required: true }],
  ['a constant', ColumnValue.constant('eu'), { constant: 'eu' }],
  ['an empty constant', ColumnValue.constant(''), { constant: '' }],
  ['a constant with options', ColumnValue.constant('3', { kind: ColumnKind.INTEGER, write: ColumnWrite.ON_INSERT }), { constant: '3', kind: 'integer', write: 'onInsert' }],
])('%s is the shortest plan', (_, value, plan) => {
  expect(value._plan()).toEqual(plan);
});

test.each(STANDARD_ATTRIBUTES)('%s is an attribute', (name) => {
  expect(ColumnValue.attribute(name)._plan()).toBe(name);
});

test('an attribute name that is a token is not checked', () => {
  const name = Token.asString({ Ref: 'AttributeName' });
  expect(ColumnValue.attribute(name)._plan()).toBe(name);
});

test('the kinds and the writes are those that the function knows', () => {
  expect(Object.values(ColumnKind)).toEqual(COLUMN_KINDS);
  expect(Object.values(ColumnWrite)).toEqual(COLUMN_WRITES);
});

test.each<[string, () => ColumnValue, string]>([
  ['an unknown attribute', () => ColumnValue.attribute('e-mail'), 'got attribute "e-mail", expected sub, address, birthdate, email,'],
  ['an empty attribute name', () => ColumnValue.attribute(''), 'got attribute "", expected sub,'],
  ['a name of JavaScript\'s own objects', () => ColumnValue.attribute('toString'), 'got attribute "toString", expected sub,'],
  ['a custom attribute without its prefix', () => ColumnValue.attribute('plan'), 'write an attribute of your own with its prefix custom:'],
  ['what is no attribute', () => ColumnValue.attribute('username'), 'use a factory such as ColumnValue.username()'],
  ['a name that Cognito keeps for itself', () => ColumnValue.attribute('cognito:user_status'), 'got attribute "cognito:user_status", but Cognito keeps the prefix cognito: for itself: use ColumnValue.status()'],
  ['a doubled prefix', () => ColumnValue.attribute('custom:custom:plan'), 'got attribute "custom:custom:plan", expected custom:<name> or dev:custom:<name> with the prefix once: use ColumnValue.attribute("custom:plan")'],
  ['a prefix without a name', () => ColumnValue.attribute('custom:'), 'expected custom:<name> or dev:custom:<name> with the prefix once: use ColumnValue.attribute("custom:<name>")'],
  ['an empty key of client metadata', () => ColumnValue.clientMetadata(''), 'got client metadata with an empty key'],
  ['an unknown kind', () => ColumnValue.attribute('email', { kind: 'varchar' as ColumnKind }), 'got kind "varchar", expected text, boolean, integer, numeric, uuid, date, timestamp, json: use a member of ColumnKind'],
  ['an unknown write', () => ColumnValue.attribute('email', { write: 'ALWAYS' as ColumnWrite }), 'got write "ALWAYS", expected always, onInsert, whileNull: use a member of ColumnWrite'],
])('fails on %s', (_, value, message) => {
  expect(() => value()._plan()).toThrow(message);
});

import { UpdateUserPoolRequest$, UserPoolType$ } from '@aws-sdk/client-cognito-identity-provider';

/** `UserPoolType` as JSON. */
export type PoolDescription = Record<string, any>;

/** A type in the SDK's own notation: a number, or kind, namespace, name, traits and what it consists of. */
type Schema = number | (() => Schema) | readonly any[];

const LIST = 64;
const MAP = 128;
const [STRING, NUMBER, BOOLEAN, TIMESTAMP] = [0, 1, 2, 4];
const [LIST_TYPE, MAP_TYPE, STRUCTURE] = [1, 2, 3];

const membersOf = (schema: unknown) => (schema as readonly any[])[4] as readonly string[];

/** What UpdateUserPool takes beside the pool's id. */
export const SETTING_NAMES = membersOf(UpdateUserPoolRequest$).filter((name) => name !== 'UserPoolId');

/** What DescribeUserPool tells and UpdateUserPool does not take by that name. */
export const TOLD_NAMES = membersOf(UserPoolType$).filter((name) => !SETTING_NAMES.includes(name));

/** One way of sending SMS excludes the other. */
export type SmsService = 'SNS' | 'End User Messaging';

/** A pool with a value in every field that the SDK knows, and none of them Cognito's default. */
export function fullPool(id: string, sms: SmsService = 'SNS'): PoolDescription {
  const pool = exampleOf(UserPoolType$ as never, 'pool') as PoolDescription;
  const { EumsSms, ...sns } = pool.SmsConfiguration;
  pool.SmsConfiguration = sms === 'SNS' ? sns : { EumsSms };
  pool.Id = id;
  pool.UserPoolTier = 'PLUS';
  // What Cognito tells twice is the same.
  pool.LambdaConfig.PreTokenGeneration = pool.LambdaConfig.PreTokenGenerationConfig.LambdaArn;
  pool.AdminCreateUserConfig.UnusedAccountValidityDays = pool.Policies.PasswordPolicy.TemporaryPasswordValidityDays;
  pool.EmailVerificationMessage = pool.VerificationMessageTemplate.EmailMessage;
  pool.EmailVerificationSubject = pool.VerificationMessageTemplate.EmailSubject;
  pool.SmsVerificationMessage = pool.VerificationMessageTemplate.SmsMessage;
  return pool;
}

function exampleOf(schema: Schema, path: string): unknown {
  if (typeof schema === 'function') return exampleOf(schema(), path);
  if (typeof schema === 'number') return simpleExample(schema, path);
  const [kind, , , , parts, values] = schema;
  if (kind === STRUCTURE) return Object.fromEntries(parts.map((name: string, index: number) => [name, exampleOf(withoutTraits(values[index]), `${path}.${name}`)]));
  if (kind === LIST_TYPE) return [exampleOf(withoutTraits(parts), `${path}.0`), exampleOf(withoutTraits(parts), `${path}.1`)];
  if (kind === MAP_TYPE) return { key: exampleOf(withoutTraits(values), `${path}.key`) };
  if (kind === STRING) return path;
  throw new Error(`got the schema ${JSON.stringify(schema)} of ${path}, which this test does not know`);
}

function withoutTraits(schema: any): Schema {
  return Array.isArray(schema) && typeof schema[0] !== 'number' ? schema[0] : schema;
}

function simpleExample(type: number, path: string): unknown {
  if (type >= MAP) return { key: simpleExample(type - MAP, `${path}.key`) };
  if (type >= LIST) return [simpleExample(type - LIST, `${path}.0`), simpleExample(type - LIST, `${path}.1`)];
  const example = { [STRING]: path, [NUMBER]: path.length + 30, [BOOLEAN]: true, [TIMESTAMP]: 1_767_225_600.5 }[type];
  if (example === undefined) throw new Error(`got the type ${type} of ${path}, which this test does not know`);
  return example;
}

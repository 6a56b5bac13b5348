import { UserPoolError } from './user-pool-error';

/** What DescribeUserPool tells. */
export interface UserPoolDescription {
  readonly LambdaConfig?: LambdaConfig;
  readonly [field: string]: unknown;
}

/**
 * All that UpdateUserPool takes beside the pool's id. What is not in it, Cognito sets to its default:
 * https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UpdateUserPool.html
 */
export interface UserPoolSettings {
  readonly LambdaConfig?: LambdaConfig;
  readonly [setting: string]: unknown;
}

export interface LambdaConfig {
  readonly PostConfirmation?: string;
  readonly [trigger: string]: unknown;
}

/** Told and taken by the same name. */
const SETTINGS = [
  'AccountRecoverySetting', 'AcrConfiguration', 'AdminCreateUserConfig', 'AutoVerifiedAttributes', 'DcrConfiguration', 'DeletionProtection',
  'DeviceConfiguration', 'EmailConfiguration', 'IssuerConfiguration', 'KeyConfiguration', 'LambdaConfig', 'MfaConfiguration', 'Policies',
  'SmsAuthenticationMessage', 'SmsConfiguration', 'UserAttributeUpdateSettings', 'UserPoolAddOns', 'UserPoolTags', 'UserPoolTier',
  'VerificationMessageTemplate',
] as const;

/** Told, and changed by other calls or never. */
const TOLD_ONLY = [
  'AliasAttributes', 'Arn', 'CreationDate', 'CustomDomain', 'Domain', 'EmailConfigurationFailure', 'EstimatedNumberOfUsers', 'Id',
  'LastModifiedDate', 'SchemaAttributes', 'SmsConfigurationFailure', 'Status', 'UsernameAttributes', 'UsernameConfiguration',
] as const;

/** What the template has now, by its old name on the pool itself: Cognito sets the one with the other. */
const IN_TEMPLATE = { EmailVerificationMessage: 'EmailMessage', EmailVerificationSubject: 'EmailSubject', SmsVerificationMessage: 'SmsMessage' } as const;

const KNOWN: readonly string[] = ['Name', ...SETTINGS, ...TOLD_ONLY, ...Object.keys(IN_TEMPLATE)];

/**
 * The settings of a pool as UpdateUserPool takes them, out of what DescribeUserPool tells. What is inside of each is
 * passed on as it is, whatever it is.
 *
 * @throws UserPoolError for a setting that is not known here: left out, it might be reset
 */
export function settingsIn(pool: UserPoolDescription): UserPoolSettings {
  const unknown = Object.keys(withoutAbsent(pool)).filter((field) => !KNOWN.includes(field));
  if (unknown.length > 0) {
    throw new UserPoolError('misconfigured', `the user pool has settings that this version does not know (${unknown.join(', ')}), and a change without them might reset them, so that nothing was changed: use a newer version of cognito-user-sync, or set the trigger by hand (Cognito console, user pool, Extensions)`);
  }
  const same = Object.fromEntries(SETTINGS.map((name) => [name, pool[name]]));
  return withoutAbsent({ ...same, PoolName: pool.Name, ...invitation(pool), ...verification(pool), ...levels(pool) });
}

/**
 * Told are both the old and the new name for how long a first password is good, and the old one is refused beside the
 * new: "Please use TemporaryPasswordValidityDays in PasswordPolicy instead of UnusedAccountValidityDays".
 */
function invitation({ AdminCreateUserConfig, Policies }: UserPoolDescription): Record<string, unknown> {
  const { UnusedAccountValidityDays: days, ...rest } = Object(AdminCreateUserConfig);
  if (typeof days !== 'number') return {};
  const { PasswordPolicy, ...policies } = Object(Policies);
  return { AdminCreateUserConfig: rest, Policies: { ...policies, PasswordPolicy: { TemporaryPasswordValidityDays: days, ...PasswordPolicy } } };
}

/** One of the two is enough, and what both say must be one thing. The template is what counts. */
function verification({ VerificationMessageTemplate, ...pool }: UserPoolDescription): Record<string, unknown> {
  const old = Object.fromEntries(Object.entries(IN_TEMPLATE).map(([name, inTemplate]) => [inTemplate, pool[name]]));
  const template = withoutAbsent({ ...withoutAbsent(old), ...withoutAbsent(Object(VerificationMessageTemplate)) });
  // What Cognito takes where none is given, and then tells.
  return { VerificationMessageTemplate: Object.keys(template).length > 0 ? { DefaultEmailOption: 'CONFIRM_WITH_CODE', ...template } : undefined };
}

/**
 * Cognito tells the names of authentication levels of every pool, its own where nobody chose others. In the smallest plan
 * nobody can, and that Cognito would take its own back is not documented.
 */
function levels({ UserPoolTier }: UserPoolDescription): Record<string, unknown> {
  return UserPoolTier === 'LITE' ? { AcrConfiguration: undefined } : {};
}

function withoutAbsent(settings: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined && value !== null));
}

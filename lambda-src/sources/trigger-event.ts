import type { CognitoUser } from '../cognito-user';
import { TriggerEventError } from '../errors';
import { identitiesIn } from './identities';

/**
 * What every user pool trigger sends, as far as it matters here. Cognito may add fields at any time, and leaves some
 * out: https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-working-with-lambda-triggers.html
 */
export interface CognitoTriggerEvent {
  readonly triggerSource: string;
  readonly userPoolId?: string;
  readonly userName?: string;
  readonly request: {
    readonly userAttributes?: Readonly<Record<string, string>>;
    readonly clientMetadata?: Readonly<Record<string, string>>;
  };
}

/** The trigger sources that confirm a user. The second also heals a row that an earlier sign-up did not leave. */
const POST_CONFIRMATION = ['PostConfirmation_ConfirmSignUp', 'PostConfirmation_ConfirmForgotPassword'];

export function isPostConfirmation(event: { readonly triggerSource?: unknown }): boolean {
  return POST_CONFIRMATION.includes(event.triggerSource as string);
}

/** @throws TriggerEventError when the event names no user */
export function userOfTriggerEvent(event: CognitoTriggerEvent, observedAt: Date): CognitoUser {
  const attributes = textValues(event.request?.userAttributes);
  const { sub } = attributes;
  if (!sub) {
    throw new TriggerEventError('the trigger event has no request.userAttributes.sub, which every Cognito user has: check what invokes this function');
  }
  const status = text(attributes['cognito:user_status']);
  // Some pools send the address a user signed up with only as the alias that signs them in.
  const alias = attributes['cognito:email_alias'];
  if (alias !== undefined) attributes.email ??= alias;
  // Cognito's pseudo-attributes come with triggers only: a user must look the same whoever observed them.
  for (const name of Object.keys(attributes)) if (name.startsWith('cognito:')) delete attributes[name];
  return {
    sub,
    username: text(event.userName),
    userPoolId: text(event.userPoolId),
    status,
    attributes,
    identities: identitiesIn(attributes.identities),
    clientMetadata: clientMetadata(event.request.clientMetadata),
    observedAt,
  };
}

/** No prototype, so that a key such as `constructor` is a key and nothing else. */
function textValues(values: unknown): Record<string, string> {
  const texts: Record<string, string> = Object.create(null);
  for (const [name, value] of Object.entries(values ?? {})) {
    if (value === null || value === undefined) continue;
    if (typeof value === 'object') {
      throw new TriggerEventError(`request.userAttributes[${JSON.stringify(name)}] is an object: Cognito sends every value as text, expected a string`);
    }
    texts[name] = String(value);
  }
  return texts;
}

/** Whoever signs in writes it: what is no text is left out, and is no reason to lose the user. */
function clientMetadata(values: unknown): Record<string, string> | undefined {
  if (!values || typeof values !== 'object') return undefined;
  return Object.assign(Object.create(null), Object.fromEntries(Object.entries(values).filter(([, value]) => typeof value === 'string')));
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

import { TriggerEventError } from '../../lambda-src/errors';
import { isPostConfirmation, userOfTriggerEvent } from '../../lambda-src/sources/trigger-event';
import { confirmedSignUp, recordedEvent } from '../support/events';

const NOW = new Date('2026-03-04T05:06:07.089Z');
const SUB = '5f0c7f3e-1b3c-4f47-8a3e-0d2a6f4f9b10';
const user = (name: string) => userOfTriggerEvent(recordedEvent(name), NOW);

test('a confirmed sign-up becomes the whole user that the event knows', () => {
  expect(user('PostConfirmation_ConfirmSignUp')).toEqual({
    sub: SUB,
    username: SUB,
    userPoolId: 'eu-west-1_Ex4mpLe01',
    status: 'CONFIRMED',
    attributes: { 'sub': SUB, 'email_verified': 'true', 'name': 'Ada Lovelace', 'preferred_username': 'ada', 'email': 'ada@example.com', 'custom:plan': 'gold' },
    identities: [],
    clientMetadata: { campaign: 'spring' },
    observedAt: NOW,
  });
});

test('what the event does not say is unknown', () => {
  expect(user('only-sub')).toMatchObject({ sub: SUB, username: undefined, userPoolId: undefined, status: undefined, clientMetadata: undefined });
});

test('a federated user has the identity that Cognito sends as JSON in text', () => {
  expect(user('federated-user')).toMatchObject({ username: 'Google_1234567890', status: 'EXTERNAL_PROVIDER', identities: [{ providerName: 'Google', userId: '1234567890' }] });
});

test('the primary identity comes first', () => {
  expect(user('linked-user').identities?.map(({ providerName }) => providerName)).toEqual(['Okta', 'Facebook']);
});

test.each(['not json', '{"providerName":"Google"}', 'null', '7'])('identities that cannot be read are unknown, and no reason to lose the user: %s', (identities) => {
  expect(userOfTriggerEvent(confirmedSignUp({ sub: SUB, identities }), NOW).identities).toBeUndefined();
});

test('an e-mail address that is only sent as alias is the e-mail address', () => {
  expect(user('email-alias').attributes).toEqual({ sub: SUB, email_verified: 'true', email: 'ada@example.com' });
});

test('an attribute named like a prototype member is an attribute and nothing else', () => {
  const { attributes } = userOfTriggerEvent(confirmedSignUp(JSON.parse(`{"sub":"${SUB}","__proto__":"x","constructor":"y"}`)), NOW);
  expect(Object.entries(attributes)).toEqual([['sub', SUB], ['__proto__', 'x'], ['constructor', 'y']]);
  expect(({} as Record<string, unknown>).x).toBeUndefined();
});

test.each([[{}], [{ sub: '' }], [{ email: 'ada@example.com' }]])('fails without a sub, and names no value: %j', (userAttributes) => {
  expect(() => userOfTriggerEvent(confirmedSignUp(userAttributes as Record<string, string>), NOW)).toThrow(TriggerEventError);
  expect(() => userOfTriggerEvent(confirmedSignUp(userAttributes as Record<string, string>), NOW)).toThrow(/has no request\.userAttributes\.sub/);
});

test('fails where an attribute is no text, and names the attribute only', () => {
  expect(() => userOfTriggerEvent(confirmedSignUp({ sub: SUB, address: { street: 'secret' } } as never), NOW)).toThrow(/^request\.userAttributes\["address"\] is an object/);
});

test.each([
  ['PostConfirmation_ConfirmSignUp', true], ['PostConfirmation_ConfirmForgotPassword', true],
  ['PostAuthentication_Authentication', false], ['PreSignUp_SignUp', false], ['TokenGeneration_HostedAuth', false], [undefined, false],
])('%s confirms a user: %s', (triggerSource, expected) => {
  expect(isPostConfirmation({ triggerSource })).toBe(expected);
});

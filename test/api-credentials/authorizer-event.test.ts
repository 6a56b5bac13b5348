import { allowed, refused } from '../../lambda-src/api-credentials/authorizer-answer';
import { authorizationOf, stageArn } from '../../lambda-src/api-credentials/authorizer-event';

const ARN = 'arn:aws:execute-api:eu-west-1:111122223333:abcdef1234/prod/GET/users/7';

test.each<[string, object]>([
  ['TOKEN', { type: 'TOKEN', authorizationToken: 'A' }],
  ['REQUEST', { type: 'REQUEST', headers: { Authorization: 'A' }, multiValueHeaders: { Authorization: ['A'] } }],
  ['REQUEST, as the client wrote it', { type: 'REQUEST', headers: { aUTHORIZATION: 'A' }, multiValueHeaders: { aUTHORIZATION: ['A'] } }],
  ['REQUEST, with nulls', { type: 'REQUEST', headers: { authorization: 'A' }, multiValueHeaders: null }],
  ['twice the same', { type: 'REQUEST', multiValueHeaders: { Authorization: ['A', 'A'] } }],
])('the header of an event: %s', (_case, event) => {
  expect(authorizationOf(event)).toBe('A');
});

test.each<[string, object]>([
  ['none', { type: 'REQUEST', headers: { Accept: 'A' } }],
  ['no headers', { type: 'REQUEST', headers: null }],
  ['two', { type: 'REQUEST', headers: { Authorization: 'B' }, multiValueHeaders: { Authorization: ['A', 'B'] } }],
  ['two in different spelling', { type: 'REQUEST', headers: { Authorization: 'A', authorization: 'B' } }],
  ['another place', { type: 'REQUEST', authorizationToken: 'A', headers: {} }],
])('of an event with %s there is no header', (_case, event) => {
  expect(authorizationOf(event)).toBeUndefined();
});

test.each([
  [ARN, 'arn:aws:execute-api:eu-west-1:111122223333:abcdef1234/prod/*'],
  ['arn:aws:execute-api:eu-west-1:111122223333:abcdef1234/$default/GET/', 'arn:aws:execute-api:eu-west-1:111122223333:abcdef1234/$default/*'],
  ['arn:aws-cn:execute-api:cn-north-1:111122223333:abcdef1234/ESTestInvoke-stage/GET/', 'arn:aws-cn:execute-api:cn-north-1:111122223333:abcdef1234/ESTestInvoke-stage/*'],
])('a policy is for all of the stage of %s', (methodArn, resource) => {
  expect(stageArn({ methodArn })).toBe(resource);
  expect(stageArn({ routeArn: methodArn })).toBe(resource);
});

test('fails on an event without an ARN', () => {
  expect(() => stageArn({})).toThrow('the event has no methodArn and no routeArn: expected one that API Gateway sends to a Lambda authorizer');
});

test('a REST API is told the one word that it makes a 401 of, also by Lambda, which reads the stack', () => {
  const refusal = () => refused({ type: 'REQUEST', methodArn: ARN }, 'simple');
  expect(refusal).toThrow(/^Unauthorized$/);
  expect(refusal).toThrow(expect.objectContaining({ stack: 'UnauthorizedError: Unauthorized' }));
});

test('an answer of payload format 2.0 is what the authorizer was configured for', () => {
  const event = { version: '2.0', type: 'REQUEST', routeArn: ARN };
  expect(allowed(event, 'simple', 'sub')).toEqual({ isAuthorized: true, context: { sub: 'sub' } });
  expect(allowed(event, 'policy', 'sub')).toMatchObject({ principalId: 'sub', policyDocument: { Statement: [{ Effect: 'Allow' }] }, context: { sub: 'sub' } });
  expect(refused(event, 'simple')).toEqual({ isAuthorized: false, context: {} });
  expect(refused(event, 'policy')).toMatchObject({ policyDocument: { Statement: [{ Effect: 'Deny' }] } });
});

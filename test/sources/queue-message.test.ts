import fc from 'fast-check';
import { rowMapping } from '../../lambda-src/mapping/row-mapping';
import { queuedUser, queueMessage, readQueueMessage, userOfQueueMessage } from '../../lambda-src/sources/queue-message';
import { userOfTriggerEvent } from '../../lambda-src/sources/trigger-event';

const mapping = rowMapping({
  sub: 'sub', pool: 'userPoolId', username: 'username', status: 'status', enabled: 'enabled', provider: 'identityProvider', everything: 'attributes', seen: 'observedAt', email: 'email', plan: 'custom:plan', invitation: 'clientMetadata:invitation',
});
const texts = fc.string({ unit: 'binary' }).filter((text) => !/\p{Surrogate}/u.test(text));

test('a user who waited gives the same row as one who did not', () => {
  const events = fc.record({
    triggerSource: fc.constant('PostConfirmation_ConfirmSignUp'),
    userPoolId: fc.constant('eu-west-1_Example01'),
    userName: fc.option(texts, { nil: undefined }),
    request: fc.record({
      userAttributes: fc.dictionary(fc.oneof(texts, fc.constantFrom('email', 'custom:plan', '__proto__', 'constructor', 'cognito:user_status')), texts)
        .chain((attributes) => fc.constantFrom(undefined, '[]', '[{"providerName":"Google","userId":"1"}]', 'broken').map((identities) => ({ ...attributes, sub: 'a-sub', ...(identities && { identities }) }))),
      clientMetadata: fc.option(fc.dictionary(fc.oneof(texts, fc.constant('invitation')), texts), { nil: undefined }),
    }),
  });
  fc.assert(fc.property(events, (event) => {
    const user = userOfTriggerEvent(event, new Date());
    const message = queueMessage(queuedUser(user, (key) => key === 'invitation'));
    expect(mapping.toRow(userOfQueueMessage(readQueueMessage(message))!)).toEqual(mapping.toRow(user));
  }), { numRuns: 500 });
});

test('whatever is sent to the queue, it is a user or an error of our own', () => {
  const bodies = fc.oneof(texts, fc.json(), fc.record({
    version: fc.constantFrom(1, 2, '1', null), userPoolId: fc.jsonValue(), sub: fc.jsonValue(), observedAt: fc.oneof(fc.jsonValue(), fc.constant('2026-01-01T00:00:00Z')), snapshot: fc.jsonValue(), clientMetadata: fc.jsonValue(), missingSince: fc.jsonValue(),
  }, { requiredKeys: [] }).map((message) => JSON.stringify(message)));
  fc.assert(fc.property(bodies, (body) => {
    try {
      const { sub, userPoolId, observedAt } = readQueueMessage(body);
      expect([typeof sub, typeof userPoolId, Number.isNaN(observedAt.getTime())]).toEqual(['string', 'string', false]);
    } catch (error) {
      expect((error as Error).name).toBe('QueueMessageError');
    }
  }), { numRuns: 2_000 });
});

import { App, Validations, aws_iam as iam, type Stack } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { iamProps, instanceIn, IRELAND, newStack, syncIn } from './stacks';
import { DatabaseLogin, Delivery, TriggerAttachment, UserDatabase, type CognitoUserSyncProps } from '../../src';

const logins = {
  'IAM login': (stack: Stack) => UserDatabase.fromInstance(instanceIn(stack), iamProps),
  'a secret': (stack: Stack) => {
    const instance = instanceIn(stack);
    return UserDatabase.fromInstance(instance, { ...iamProps, login: DatabaseLogin.secret(instance.secret!) });
  },
};

const ways: Record<string, Partial<CognitoUserSyncProps>> = {
  'direct': {},
  'relay': { relay: true },
  'queued': { delivery: Delivery.queued() },
  'attached by a custom resource': { attach: TriggerAttachment.customResource() },
};

const combinations = Object.entries(logins).flatMap(([login, database]) => Object.entries(ways).map(([way, props]) => ({ login, way, database, props })));

test.each(combinations)('cdk-nag finds nothing about a sync with $login, $way', ({ database, props }) => {
  const stack = newStack();
  const sync = syncIn(stack, { database: database(stack), ...props });
  // The app's own database and pool are in the same stack, so that the rules are seen to look.
  expect(findingsOf(stack)).toContainEqual(expect.stringMatching(/^AwsSolutions-RDS\d+ App\/Instance/));
  expect(findingsOf(stack).filter((finding) => finding.includes(sync.node.path) || finding.includes('CognitoUserSync'))).toEqual([]);
});

test('of what it would find, exactly the network interfaces are acknowledged, with the reason', () => {
  const stack = newStack();
  const sync = syncIn(stack, { database: logins['IAM login'](stack) });
  const acknowledged = sync.node.findAll().flatMap(({ node }) => node.metadata
    .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
    .flatMap(({ data }) => Object.entries(data).map(([rule, reason]) => [node.path, rule, reason])));
  expect(acknowledged).toEqual(['Trigger', 'Consumer', 'Inspector'].map((name) => [
    `App/UserSync/${name}Role/NetworkInterfaces`,
    expect.stringContaining('AwsSolutions-IAM5[Resource::*]'),
    expect.stringMatching(/^Lambda creates a function's network interfaces/),
  ]));
});

test('another wildcard on the same role is still found', () => {
  const stack = newStack();
  const sync = syncIn(stack, { database: logins['IAM login'](stack) });
  sync.triggerFunction.grantPrincipal.addToPrincipalPolicy(new iam.PolicyStatement({ actions: ['s3:GetObject'], resources: ['*'] }));
  expect(findingsOf(stack)).toContainEqual(expect.stringMatching(/^AwsSolutions-IAM5\[Resource::\*\] App\/UserSync\/TriggerRole\/DefaultPolicy/));
});

test('without cdk-nag nothing of it is in the template', () => {
  const app = new App();
  const stack = newStack('App', IRELAND, app);
  syncIn(stack, { database: logins['IAM login'](stack) });
  expect(JSON.stringify(app.synth().getStackByName('App').template)).not.toMatch(/AwsSolutions|acknowledged/);
});

/** `rule path` for each. */
function findingsOf(stack: Stack): string[] {
  const { violations } = new AwsSolutionsChecks(stack.node.root).validateScope(stack.node.root);
  return violations.flatMap(({ ruleName, violatingResources }) => violatingResources.map(({ constructPath }) => `${ruleName} ${constructPath}`));
}

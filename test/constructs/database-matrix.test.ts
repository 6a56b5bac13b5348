import { aws_iam as iam } from 'aws-cdk-lib';
import { databases } from './databases';
import { build, combinations } from './layouts';
import { wildcards } from './policies';
import { resourceCycles } from './resource-cycles';
import { newStack } from './stacks';

describe.each(Object.entries(databases))('with %s', (_, database) => {
  test.each(Object.entries(combinations))('%s: no cycle, and no wildcard', (__, combination) => {
    const { app, stacks } = build(combination, database);
    app.synth();
    expect(stacks.flatMap(resourceCycles)).toEqual([]);
    expect(stacks.flatMap(wildcards)).toEqual([]);
  });
});

describe('what the matrix looks for', () => {
  test.each(['*', 'arn:aws:sqs:*:*:queue', 'arn:aws:lambda:eu-west-1:111122223333:function:users:*', 'arn:aws:s3:::bucket/*'])('the resource %s is found', (resource) => {
    const stack = newStack();
    new iam.Role(stack, 'Role', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') }).addToPolicy(new iam.PolicyStatement({ actions: ['sqs:SendMessage'], resources: [resource] }));
    expect(wildcards(stack)).toHaveLength(1);
  });

  test('a wildcard at the end of what is known at deployment is found', () => {
    const stack = newStack();
    const role = new iam.Role(stack, 'Role', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') });
    role.addToPolicy(new iam.PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [`${role.roleArn}:*`] }));
    expect(wildcards(stack)).toHaveLength(1);
  });

  test('an inline policy of a role, and a wildcard of actions, are found', () => {
    const stack = newStack();
    const statements = [new iam.PolicyStatement({ actions: ['sqs:*'], resources: ['arn:aws:sqs:eu-west-1:111122223333:queue'] })];
    new iam.Role(stack, 'Role', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'), inlinePolicies: { Inline: new iam.PolicyDocument({ statements }) } });
    expect(wildcards(stack)).toHaveLength(1);
  });
});

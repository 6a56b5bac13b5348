import type { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';

interface Statement {
  readonly Action: string | string[];
  readonly Resource: unknown;
}

/** What Lambda accepts for all resources only: https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html */
const NETWORK_INTERFACES = /^ec2:(AssignPrivateIpAddresses|CreateNetworkInterface|DeleteNetworkInterface|DescribeNetworkInterfaces|DescribeSubnets|UnassignPrivateIpAddresses)$/;

/** Statements of roles that allow more than what they name: `*` in an action, or anywhere in a resource (`:*` and `/*` too). */
export function wildcards(stack: Stack): Statement[] {
  return statements(stack).filter(({ Action, Resource }) => {
    const actions = [Action].flat();
    return actions.some((action) => action.includes('*')) || (texts(Resource).some((text) => text.includes('*')) && !actions.every((action) => NETWORK_INTERFACES.test(action)));
  });
}

function statements(stack: Stack): Statement[] {
  const { Resources: resources = {} } = Template.fromStack(stack).toJSON() as { Resources?: Record<string, { Type: string; Properties: any }> };
  return Object.values(resources).flatMap(({ Type, Properties: properties }) => {
    const inline = Type === 'AWS::IAM::Role' ? properties.Policies ?? [] : [];
    const policies = /^AWS::IAM::(Managed)?Policy$/.test(Type) ? [properties] : inline;
    return policies.flatMap(({ PolicyDocument: document }: { PolicyDocument: { Statement: Statement[] } }) => document.Statement);
  });
}

function texts(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(texts) : [];
}

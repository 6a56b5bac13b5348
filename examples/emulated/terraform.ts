import { readFileSync } from 'node:fs';
import { type Block, readHcl, type Reference } from './hcl';
import type { Resource, SynthesisedStack } from './template';

type Body = Block['body'];

const PSEUDO_PARAMETERS: Readonly<Record<string, string>> = {
  'aws_caller_identity.current.account_id': 'AWS::AccountId',
  'aws_partition.current.partition': 'AWS::Partition',
  'aws_region.current.region': 'AWS::Region',
};

/** What is emulated, in the words of CloudFormation. */
const RESOURCES: Readonly<Record<string, (body: Body) => Resource>> = {
  aws_cognito_user_pool: ({ lambda_config: { post_confirmation } }) => ({ Type: 'AWS::Cognito::UserPool', Properties: { LambdaConfig: { PostConfirmation: post_confirmation } } }),
  aws_cognito_user_pool_client: ({ user_pool_id }) => ({ Type: 'AWS::Cognito::UserPoolClient', Properties: { UserPoolId: user_pool_id } }),
  aws_iam_role: () => ({ Type: 'AWS::IAM::Role', Properties: {} }),
  aws_iam_role_policy: ({ role, policy }) => ({ Type: 'AWS::IAM::Policy', Properties: { Roles: [role], PolicyDocument: policy } }),
  aws_lambda_event_source_mapping: ({ event_source_arn, function_name, function_response_types }) => (
    { Type: 'AWS::Lambda::EventSourceMapping', Properties: { EventSourceArn: event_source_arn, FunctionName: function_name, FunctionResponseTypes: function_response_types } }
  ),
  aws_lambda_function: ({ role, handler, timeout, environment: { variables } }) => (
    { Type: 'AWS::Lambda::Function', Properties: { Role: role, Handler: handler, Timeout: timeout, Environment: { Variables: variables } } }
  ),
  aws_lambda_permission: ({ action, function_name, principal, source_arn, source_account }) => (
    { Type: 'AWS::Lambda::Permission', Properties: { Action: action, FunctionName: function_name, Principal: principal, SourceArn: source_arn, SourceAccount: source_account } }
  ),
  aws_sqs_queue: ({ message_retention_seconds, visibility_timeout_seconds, redrive_policy }) => (
    { Type: 'AWS::SQS::Queue', Properties: { MessageRetentionPeriod: message_retention_seconds, VisibilityTimeout: visibility_timeout_seconds, RedrivePolicy: redrive_policy } }
  ),
};

/** Reads a file of Terraform as the template that would do the same. Its functions have the code of `codeFolder`. */
export function readTerraform(file: string, codeFolder: string): SynthesisedStack {
  const blocks = readHcl(readFileSync(file, 'utf8'));
  const bodiesOf = (wanted: string) => blocks.filter(({ type }) => type === wanted);
  const locals = Object.assign({}, ...bodiesOf('locals').map(({ body }) => body));

  function translated(value: any): any {
    if (Array.isArray(value)) return value.map(translated);
    if (typeof value !== 'object' || value === null) return value;
    if ('reference' in value) return referred(value);
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, translated(item)]));
  }

  function referred({ reference: [kind, ...path] }: Reference): unknown {
    if (kind === 'var') return { Ref: path[0] };
    if (kind === 'local') return translated(locals[path[0]]);
    if (kind === 'data') return { Ref: PSEUDO_PARAMETERS[path.join('.')] ?? path.join('.') };
    const [name, attribute] = path;
    return attribute === 'arn' ? { 'Fn::GetAtt': [idOf([kind, name]), 'Arn'] } : { Ref: idOf([kind, name]) };
  }

  const resources = bodiesOf('resource').filter(({ labels: [type] }) => type in RESOURCES);
  return {
    template: {
      Resources: Object.fromEntries(resources.map(({ labels, body }) => [idOf(labels), RESOURCES[labels[0]](translated(body))])),
      Outputs: Object.fromEntries(bodiesOf('output').map(({ labels: [name], body }) => [name, { Value: translated(body.value) }])),
    },
    warnings: [],
    codeOf: () => codeFolder,
  };
}

function idOf([type, name]: readonly string[]): string {
  return `${type}-${name}`;
}

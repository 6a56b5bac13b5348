import { type Authorize, startGate } from '../../examples/emulated/gate';
import { readHcl } from '../../examples/emulated/hcl';
import { letsCognitoIn, roleAllows } from '../../examples/emulated/iam';
import { resolve, type References } from '../../examples/emulated/intrinsics';
import type { Template } from '../../examples/emulated/template';
import { startHttpServer } from '../support/http-server';

const ACCOUNT = '111122223333';
const QUEUE = `arn:aws:sqs:eu-west-1:${ACCOUNT}:waiting`;
const POOL = `arn:aws:cognito-idp:eu-west-1:${ACCOUNT}:userpool/pool`;

const references: References = {
  ref: async (name) => (name === 'AWS::AccountId' ? ACCOUNT : name),
  attribute: async (id) => ({ Queue: QUEUE, Pool: POOL } as Record<string, string>)[id] ?? `arn:aws:iam::${ACCOUNT}:role/${id}`,
};

function template(statement: object = {}, permission: object = {}): Template {
  return {
    Resources: {
      Pool: { Type: 'AWS::Cognito::UserPool', Properties: {} },
      Trigger: { Type: 'AWS::Lambda::Function', Properties: { Role: { 'Fn::GetAtt': ['TriggerRole', 'Arn'] } } },
      Policy: {
        Type: 'AWS::IAM::Policy',
        Properties: {
          Roles: [{ Ref: 'TriggerRole' }],
          PolicyDocument: { Statement: [{ Effect: 'Allow', Action: 'sqs:SendMessage', Resource: { 'Fn::GetAtt': ['Queue', 'Arn'] }, ...statement }] },
        },
      },
      Permission: {
        Type: 'AWS::Lambda::Permission',
        Properties: {
          Action: 'lambda:InvokeFunction', FunctionName: { Ref: 'Trigger' }, Principal: 'cognito-idp.amazonaws.com', SourceArn: { 'Fn::GetAtt': ['Pool', 'Arn'] }, SourceAccount: { Ref: 'AWS::AccountId' }, ...permission,
        },
      },
    },
  };
}

const send = { action: 'sqs:SendMessage', resource: QUEUE };

test('a role may do what its policy allows, and nothing else', async () => {
  expect(await roleAllows(template(), references, 'Trigger', send)).toBe(true);
  expect(await roleAllows(template({ Action: ['sqs:*'], Resource: ['arn:aws:sqs:*:*:wait?ng'] }), references, 'Trigger', send)).toBe(true);
  expect(await roleAllows(template(), references, 'Trigger', { ...send, action: 'sqs:SendMessages' })).toBe(false);
  expect(await roleAllows(template(), references, 'Trigger', { ...send, resource: `${QUEUE}-2` })).toBe(false);
});

test.each([{ Effect: 'Deny' }, { Condition: {} }])('a statement with %p allows nothing', async (statement) => {
  expect(await roleAllows(template(statement), references, 'Trigger', send)).toBe(false);
});

test("another role's policy allows nothing", async () => {
  const { Resources: { Policy, ...resources } } = template();
  expect(await roleAllows({ Resources: { ...resources, Policy: { ...Policy, Properties: { ...Policy.Properties, Roles: ['Other'] } } } }, references, 'Trigger', send)).toBe(false);
});

test('Cognito may invoke what a permission names for this pool of this account', async () => {
  expect(await letsCognitoIn(template(), references, 'Trigger')).toBe(true);
  expect(await letsCognitoIn(template(), references, 'Other')).toBe(false);
});

test.each([{ SourceArn: undefined }, { SourceAccount: undefined }, { SourceAccount: '444455556666' }, { Principal: '*' }, { Action: 'lambda:*' }])('a permission with %p lets nobody in', async (permission) => {
  expect(await letsCognitoIn(template({}, permission), references, 'Trigger')).toBe(false);
});

test('a gate passes on what is allowed, and refuses the rest by the name of the caller', async () => {
  const asked: unknown[] = [];
  const authorize: Authorize = async (caller, access) => asked.push({ caller, ...access }) === 1;
  const service = await startHttpServer(async (_, body) => ({ status: 200, headers: { 'content-type': 'text/plain' }, body: `took ${body}` }));
  const gate = await startGate('SQS', service.url, authorize);
  try {
    const headers = { 'authorization': 'AWS4-HMAC-SHA256 Credential=Trigger/20260101/eu-west-1/sqs/aws4_request, Signature=0', 'x-amz-target': 'AmazonSQS.SendMessageBatch' };
    const call = async () => (await fetch(gate.url, { method: 'POST', headers, body: JSON.stringify({ QueueUrl: `http://sqs/${ACCOUNT}/waiting` }) })).text();
    expect(await call()).toMatch(/^took {"QueueUrl"/);
    expect(await call()).toMatch(/AccessDeniedException/);
    expect(asked).toEqual(Array.from({ length: 2 }, () => ({ caller: 'Trigger', ...send })));
  } finally {
    await Promise.all([gate.stop(), service.stop()]);
  }
});

test('intrinsic functions resolve in each other, and an unknown one is an error', async () => {
  expect(await resolve({ a: { 'Fn::Join': ['-', ['x', { Ref: 'Queue' }, { 'Fn::Select': [1, { 'Fn::Split': [':', 'a:b'] }] }]] } }, references)).toEqual({ a: 'x-Queue-b' });
  expect(await resolve({ 'Fn::Sub': '${Queue}/${Queue.Arn}/$1' }, references)).toBe(`Queue/${QUEUE}/$1`);
  await expect(resolve({ 'Fn::If': ['A', 1, 2] }, references)).rejects.toThrow('got Fn::If in a template');
});

test("Terraform's language is read as far as the example needs it", () => {
  expect(readHcl(`
    # a comment
    resource "aws_sqs_queue" "waiting" {
      name  = "user-\${var.stage}-sync" # another
      delay = 5
      on    = true
      list  = [aws_iam_role.x.arn, "a\\"b",]
      nested { policy = jsonencode({ "aws:x" = { A = 1 }, B = "c" }) }
    }
    locals { type = list(string) }
  `)).toEqual([
    {
      type: 'resource',
      labels: ['aws_sqs_queue', 'waiting'],
      body: {
        name: { 'Fn::Join': ['', ['user-', { reference: ['var', 'stage'] }, '-sync']] },
        delay: 5,
        on: true,
        list: [{ reference: ['aws_iam_role', 'x', 'arn'] }, 'a"b'],
        nested: { policy: { 'aws:x': { A: 1 }, 'B': 'c' } },
      },
    },
    { type: 'locals', labels: [], body: { type: { call: 'list', given: [{ reference: ['string'] }] } } },
  ]);
});

test.each(['resource "a" {', 'a = ?', 'resource "a" { b = [1, }', 'x = "open'])('%s is an error', (text) => {
  expect(() => readHcl(text)).toThrow(/got /);
});

import { randomUUID } from 'node:crypto';
import { startHttpServer, type HttpAnswer } from './http-server';
import type { Invocation, LambdaFunction } from './lambda-function';

/**
 * CloudFormation as a custom resource meets it: sends requests to a function, takes the answers as S3 does behind a
 * presigned URL (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref.html), and tells a stack's
 * status (`DescribeStacks`). Our own: no emulator at hand has both. It refuses an answer that S3 or CloudFormation would
 * not take; what it cannot do is wait for an hour, or roll anything back by itself.
 */
export interface CloudFormation {
  /** For `AWS_ENDPOINT_URL_CLOUDFORMATION`. */
  readonly url: string;
  /** What DescribeStacks tells; undefined: that it may not be asked. */
  stackStatus: string | undefined;
  /** The next so many answers do not arrive. */
  deaf: number;
  /** How many requests for the status of the stack came in. */
  readonly questions: number;
  send(fn: Pick<LambdaFunction, 'name' | 'invoke'>, request: CustomResourceMessage): Promise<CustomResourceAnswer>;
  stop(): Promise<void>;
}

export interface CustomResourceMessage {
  readonly RequestType: 'Create' | 'Update' | 'Delete';
  readonly PhysicalResourceId?: string;
  readonly ResourceProperties: Readonly<Record<string, unknown>>;
  readonly OldResourceProperties?: Readonly<Record<string, unknown>>;
}

export interface CustomResourceAnswer {
  readonly Status: 'SUCCESS' | 'FAILED';
  readonly Reason?: string;
  readonly PhysicalResourceId: string;
  readonly Data?: Readonly<Record<string, string>>;
  readonly bytes: number;
  /** Of the function that gave the answer. */
  readonly invocation: Invocation;
}

export const STACK_ID = 'arn:aws:cloudformation:eu-west-1:111122223333:stack/App/0b5f6c9e-9a35-4c43-8f43-3f1b1f9d2a10';
export const LOGICAL_ID = 'UserSyncResource';

/** In every ResponseURL: whoever reads it could answer. */
export const RESPONSE_SECRET = 'X-Amz-Signature-0123456789';

export async function startCloudFormation(): Promise<CloudFormation> {
  const answers = new Map<string, any>();
  let questions = 0;

  const server = await startHttpServer(async ({ method, url = '', headers }, body): Promise<HttpAnswer> => {
    if (method === 'POST') {
      questions += 1;
      return describeStacks(new URLSearchParams(body), headers.authorization, cloudFormation.stackStatus);
    }
    if (cloudFormation.deaf > 0) {
      cloudFormation.deaf -= 1;
      return { status: 503, body: 'SlowDown' };
    }
    const { pathname, searchParams } = new URL(url, 'http://localhost');
    // The signature is over the headers, content type included.
    if (method !== 'PUT' || !searchParams.has(RESPONSE_SECRET) || (headers['content-type'] ?? '') !== '') return { status: 403, body: 'SignatureDoesNotMatch' };
    answers.set(pathname.slice(1), { ...JSON.parse(body), bytes: Buffer.byteLength(body) });
    return { status: 200, body: '' };
  });

  const cloudFormation: CloudFormation = {
    url: server.url,
    stackStatus: 'UPDATE_IN_PROGRESS',
    deaf: 0,
    get questions() { return questions; },
    async send(fn, request) {
      const RequestId = randomUUID();
      const common = { ServiceToken: `arn:aws:lambda:eu-west-1:111122223333:function:${fn.name}`, StackId: STACK_ID, RequestId, LogicalResourceId: LOGICAL_ID, ResourceType: 'Custom::Thing' };
      const invocation = await fn.invoke({ ...common, ...request, ResponseURL: `${server.url}/${RequestId}?${RESPONSE_SECRET}` });
      const answer = answers.get(RequestId);
      if (!answer) throw new Error(`got no answer to ${request.RequestType}: the stack would wait for an hour (${JSON.stringify(invocation.payload)})`);
      const { bytes, ...told } = answer;
      if (told.StackId !== STACK_ID || told.RequestId !== RequestId || told.LogicalResourceId !== LOGICAL_ID) throw new Error(`got an answer to something else: ${JSON.stringify(told)}`);
      if (bytes > 4096) throw new Error(`got an answer of ${bytes} bytes, expected at most 4,096`);
      if (!told.PhysicalResourceId || (told.Status !== 'SUCCESS' && !told.Reason)) throw new Error(`got an answer that lacks something: ${JSON.stringify(told)}`);
      if (request.RequestType === 'Delete' && told.PhysicalResourceId !== request.PhysicalResourceId) throw new Error('got another PhysicalResourceId on Delete');
      return { ...answer, invocation };
    },
    stop: () => server.stop(),
  };
  return cloudFormation;
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStacks.html */
function describeStacks(parameters: URLSearchParams, authorization: string | undefined, status: string | undefined): HttpAnswer {
  const isAsked = parameters.get('Action') === 'DescribeStacks' && parameters.get('Version') === '2010-05-15' && parameters.get('StackName') === STACK_ID;
  if (!isAsked || status === undefined || !/\/eu-west-1\/cloudformation\/aws4_request/.test(authorization ?? '')) {
    return { status: 403, headers: { 'content-type': 'text/xml' }, body: '<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>' };
  }
  return {
    status: 200,
    headers: { 'content-type': 'text/xml' },
    body: `<DescribeStacksResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/">
  <DescribeStacksResult><Stacks><member>
    <StackName>App</StackName><StackId>${STACK_ID}</StackId>
    <Description>&lt;StackStatus&gt;ROLLBACK&lt;/StackStatus&gt;</Description>
    <StackStatus>${status}</StackStatus>
  </member></Stacks></DescribeStacksResult>
</DescribeStacksResponse>`,
  };
}

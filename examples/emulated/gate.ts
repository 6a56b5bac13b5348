import type { IncomingMessage } from 'node:http';
import type { Access } from './iam';
import { startHttpServer, type HttpAnswer, type HttpServer } from '../../test/support/http-server';

/** By the names that AWS's own SDKs have in their variables, AWS_ENDPOINT_URL_…. */
export type ServiceName = 'CLOUDFORMATION' | 'COGNITO_IDENTITY_PROVIDER' | 'DYNAMODB' | 'LAMBDA' | 'SECRETS_MANAGER' | 'SQS';

/** @param caller access key of the request's signature */
export type Authorize = (caller: string, access: Access) => Promise<boolean>;

const CALLER = /^AWS4-HMAC-SHA256 Credential=([^/]+)\//;
const INVOKED = /^\/2015-03-31\/functions\/([^/]+)\/invocations$/;
const ACCOUNT = '111122223333';

/** Stands before an emulator, as IAM does: who may not do what they ask for is refused. */
export function startGate(service: ServiceName, target: string, authorize: Authorize): Promise<HttpServer> {
  return startHttpServer(async (request, body) => {
    const [, caller = 'nobody'] = CALLER.exec(request.headers.authorization ?? '') ?? [];
    if (!await authorize(caller, accessOf(service, request, body))) return refusal();
    const headers = Object.entries(request.headers).filter(([name]) => !['connection', 'content-length', 'host', 'transfer-encoding'].includes(name)) as Array<[string, string]>;
    const answer = await fetch(`${target}${request.url}`, { method: request.method, headers, ...(body && { body }) });
    return { status: answer.status, headers: kept(answer.headers), body: await answer.text() };
  });
}

function accessOf(service: ServiceName, { headers, url = '' }: IncomingMessage, body: string): Access {
  const operation = String(headers['x-amz-target']).split('.').at(-1)!;
  const asked = () => JSON.parse(body);
  switch (service) {
    // A batch needs the permission for one: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsqs.html
    case 'SQS': return { action: `sqs:${operation.replace(/Batch$/, '')}`, resource: `arn:aws:sqs:eu-west-1:${asked().QueueUrl.split('/').slice(-2).join(':')}` };
    case 'DYNAMODB': return { action: `dynamodb:${operation}`, resource: `arn:aws:dynamodb:eu-west-1:${ACCOUNT}:table/${asked().TableName}` };
    case 'SECRETS_MANAGER': return { action: `secretsmanager:${operation}`, resource: asked().SecretId };
    case 'COGNITO_IDENTITY_PROVIDER': return { action: `cognito-idp:${operation}`, resource: `arn:aws:cognito-idp:eu-west-1:${ACCOUNT}:userpool/${asked().UserPoolId}` };
    case 'LAMBDA': return { action: 'lambda:InvokeFunction', resource: `arn:aws:lambda:eu-west-1:${ACCOUNT}:function:${decodeURIComponent(INVOKED.exec(url)?.[1] ?? '')}` };
    case 'CLOUDFORMATION': return { action: `cloudformation:${new URLSearchParams(body).get('Action')}`, resource: String(new URLSearchParams(body).get('StackName')) };
  }
}

function kept(headers: Headers): Record<string, string> {
  return Object.fromEntries([...headers].filter(([name]) => name === 'content-type' || name.startsWith('x-am')));
}

/** As the services with JSON say it. */
function refusal(): HttpAnswer {
  return { status: 400, headers: { 'x-amzn-errortype': 'AccessDeniedException' }, body: JSON.stringify({ __type: 'AccessDeniedException', message: 'not authorized' }) };
}

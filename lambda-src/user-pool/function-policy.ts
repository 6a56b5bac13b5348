import { type AwsAnswer, awsCall } from '../aws/aws-call';
import { awsEnvironment } from '../aws/environment';
import type { Deadline } from '../deadline';

/** Longest wait for Lambda, which must not use up the time of what depends on it. */
const ANSWER_MILLIS = 5_000;

/**
 * Whether somebody else, too, lets the pool call the function: then the pool's own template names it, and this
 * attachment is only taken back after that. Where it cannot be told, it is not so: a pool that calls a function which is
 * gone fails every sign-up.
 */
export async function isAttachedOtherwise(functionArn: string, userPoolId: string, deadline: Deadline): Promise<boolean> {
  const [, , , region] = functionArn.split(':');
  const service = { service: 'lambda', region, credentials: awsEnvironment.credentials, endpointUrl: awsEnvironment.endpointUrl('LAMBDA') };
  const path = `/2015-03-31/functions/${encodeURIComponent(functionArn)}/policy`;
  const answer = await awsCall(service, { method: 'GET', path, headers: {}, body: '' }, deadline.within(ANSWER_MILLIS)).catch(() => undefined);
  return statementsIn(answer).filter((statement) => JSON.stringify(statement).includes(`:userpool/${userPoolId}"`)).length > 1;
}

/** https://docs.aws.amazon.com/lambda/latest/api/API_GetPolicy.html */
function statementsIn(answer: AwsAnswer | undefined): readonly unknown[] {
  try {
    return Object(JSON.parse(String(answer?.json.Policy))).Statement ?? [];
  } catch {
    return [];
  }
}

import { type AwsAnswer, awsCall, type AwsService } from './aws-call';
import type { Deadline } from '../deadline';

/**
 * Invokes a function and waits for what it answers: https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
 *
 * @param functionName name or ARN
 * @param attempts at the most, within the deadline
 * @returns Lambda's answer, which may be an error; see `hasFailed` for the function's own
 * @throws AwsUnreachableError
 */
export async function invokeFunction(functionName: string, lambda: Omit<AwsService, 'service'>, body: string, deadline: Deadline, attempts?: number): Promise<AwsAnswer> {
  const path = `/2015-03-31/functions/${encodeURIComponent(functionName)}/invocations`;
  const headers = { 'Content-Type': 'application/json', 'X-Amz-Invocation-Type': 'RequestResponse' };
  return awsCall({ ...lambda, service: 'lambda' }, { path, headers, body }, deadline, attempts);
}

/** Whether the function threw, was killed or ran out of time. */
export function hasFailed({ headers }: AwsAnswer): boolean {
  return headers['x-amz-function-error'] !== undefined;
}

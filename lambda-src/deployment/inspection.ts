import { type AwsAnswer, awsCall, AwsUnreachableError } from '../aws/aws-call';
import { awsEnvironment } from '../aws/environment';
import type { Finding } from '../check';
import type { Deadline } from '../deadline';
import { DeploymentError } from './deployment-error';

/** What the deployment asks the inspector for. */
export interface InspectionRequest {
  /** As whom the login is created that the sync uses; left out where it is there. Travels in this request alone. */
  readonly administrator?: { readonly user: string; readonly password: string };
  /** How long a login that is refused is tried again: a fresh grant of IAM takes its time. */
  readonly patienceMillis: number;
}

export interface Inspection {
  readonly findings: readonly Finding[];
  /** Why the login could not be created. */
  readonly creationError?: string;
}

/**
 * Invokes the inspector, once: it takes as long as it needs, and CloudFormation would not wait for another.
 *
 * @throws DeploymentError
 */
export async function inspect(functionName: string, request: InspectionRequest, deadline: Deadline): Promise<Inspection> {
  const service = { service: 'lambda', region: awsEnvironment.region ?? '', credentials: awsEnvironment.credentials, endpointUrl: awsEnvironment.endpointUrl('LAMBDA') };
  const path = `/2015-03-31/functions/${encodeURIComponent(functionName)}/invocations`;
  const headers = { 'Content-Type': 'application/json', 'X-Amz-Invocation-Type': 'RequestResponse' };
  const answer = await awsCall(service, { path, headers, body: JSON.stringify(request) }, deadline, 1).catch(unreachable);
  const { status, errorType, json } = answer;
  if (status !== 200) throw new DeploymentError(`Lambda answered ${status} ${errorType} for the inspector function: deploy again, and check that nothing keeps functions of the stack from being invoked`);
  if (isFailed(answer) || !Array.isArray(json.findings)) throw new DeploymentError('the inspector function failed or ran out of time: see its log');
  return json as unknown as Inspection;
}

function isFailed({ headers }: AwsAnswer): boolean {
  return headers['x-amz-function-error'] !== undefined;
}

function unreachable({ code }: AwsUnreachableError): never {
  throw new DeploymentError(`the inspector function could not be reached, or did not answer in time (${code}): deploy again`);
}

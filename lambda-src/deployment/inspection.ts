import type { AwsUnreachableError } from '../aws/aws-call';
import { awsEnvironment } from '../aws/environment';
import { hasFailed, invokeFunction } from '../aws/lambda-invocation';
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
  const lambda = { region: awsEnvironment.region ?? '', credentials: awsEnvironment.credentials, endpointUrl: awsEnvironment.endpointUrl('LAMBDA') };
  const answer = await invokeFunction(functionName, lambda, JSON.stringify(request), deadline, 1).catch(unreachable);
  const { status, errorType, json } = answer;
  if (status !== 200) throw new DeploymentError(`Lambda answered ${status} ${errorType} for the inspector function: deploy again, and check that nothing keeps functions of the stack from being invoked`);
  if (hasFailed(answer) || !Array.isArray(json.findings)) throw new DeploymentError('the inspector function failed or ran out of time: see its log');
  return json as unknown as Inspection;
}

function unreachable({ code }: AwsUnreachableError): never {
  throw new DeploymentError(`the inspector function could not be reached, or did not answer in time (${code}): deploy again`);
}

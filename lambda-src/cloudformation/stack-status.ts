import { CloudFormationError } from './cloudformation-error';
import { awsCall, type AwsUnreachableError } from '../aws/aws-call';
import { awsEnvironment } from '../aws/environment';
import { Deadline } from '../deadline';

/** Longest wait for CloudFormation, which must not use up the time of what depends on it. */
const ANSWER_MILLIS = 5_000;

/**
 * Whether the stack goes back to how it was, so that nothing may be in its way: a custom resource that fails then leaves
 * a stack that can be neither updated nor rolled back.
 *
 * @throws CloudFormationError where CloudFormation does not tell
 */
export async function isRollingBack(stackId: string): Promise<boolean> {
  const [, , , region] = stackId.split(':');
  const service = { service: 'cloudformation', region, credentials: awsEnvironment.credentials, endpointUrl: awsEnvironment.endpointUrl('CLOUDFORMATION') };
  const { status, errorType, body } = await awsCall(service, describeStacks(stackId), Deadline.after(ANSWER_MILLIS)).catch(unreachable);
  const [, stackStatus] = /<StackStatus>(\w+)<\/StackStatus>/.exec(body) ?? [];
  if (status === 200 && stackStatus !== undefined) return stackStatus.includes('ROLLBACK');
  throw new CloudFormationError('misconfigured', `CloudFormation answered ${status} ${errorType} to DescribeStacks: check that the role may call cloudformation:DescribeStacks on ${stackId}`, errorType);
}

/** CloudFormation speaks forms and XML alone: https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStacks.html */
function describeStacks(stackId: string) {
  const parameters = new URLSearchParams({ Action: 'DescribeStacks', Version: '2010-05-15', StackName: stackId });
  return { headers: { 'Content-Type': 'application/x-www-form-urlencoded; charset=utf-8' }, body: parameters.toString() };
}

function unreachable({ code }: AwsUnreachableError): never {
  throw new CloudFormationError('transient', `CloudFormation could not be reached (${code}): a function in a VPC needs a NAT gateway or an interface endpoint for cloudformation`, code);
}

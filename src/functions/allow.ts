import { aws_iam as iam } from 'aws-cdk-lib';

/** These actions on this one resource. The CDK's own grants (`grantSendMessages`, `grantInvoke`) allow more than is used. */
export function allow(grantee: iam.IGrantable, actions: string[], resourceArn: string): void {
  iam.Grant.addToPrincipal({ grantee, actions, resourceArns: [resourceArn] });
}

import { Annotations, aws_ec2 as ec2, type aws_lambda as lambda } from 'aws-cdk-lib';

/** Lets the function's security groups in to the database's, on its port. */
export function openWay(fn: lambda.IFunction, database: ec2.IConnectable, port: number, description: string): void {
  fn.connections.allowTo(database, ec2.Port.tcp(port), description);
  // The CDK says of functions that may go anywhere that they need no rule for it, which `cdk synth --strict` fails on. Only
  // what was said already can be acknowledged.
  for (const group of fn.connections.securityGroups) Annotations.of(group).acknowledgeWarning('@aws-cdk/aws-ec2:ipv4IgnoreEgressRule', 'the functions may go anywhere');
}

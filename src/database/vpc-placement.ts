import { Annotations, Stack, Token, TokenComparison, aws_ec2 as ec2 } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/**
 * Where in a VPC the functions run that write the rows.
 */
export interface VpcPlacementProps {
  /**
   * VPC that the functions run in.
   *
   * @default - the VPC of the instance, cluster or proxy; for other databases, no VPC
   */
  readonly vpc?: ec2.IVpc;

  /**
   * Subnets that the functions run in. Public ones do not work: a function has no public address there.
   *
   * Where they lead nowhere, or nobody knows, only a small writer function runs in them: see `relay` of the sync.
   *
   * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc-internet.html
   * @default - the private subnets with egress, else the isolated ones
   */
  readonly vpcSubnets?: ec2.SubnetSelection;

  /**
   * Security groups of the functions.
   *
   * @default - a new one for all of them, that allows all outbound traffic
   */
  readonly securityGroups?: ec2.ISecurityGroup[];
}

/** The same, decided. */
export interface VpcPlacement {
  readonly vpc: ec2.IVpc;
  readonly vpcSubnets: ec2.SubnetSelection;
  readonly securityGroups: ec2.ISecurityGroup[];
}

/** @throws a plain `Error` where no function could run in the VPC */
export function vpcPlacement(scope: Construct, vpc: ec2.IVpc, { vpcSubnets, securityGroups }: VpcPlacementProps): VpcPlacement {
  const { region } = Stack.of(scope);
  if (Token.compareStrings(vpc.env.region, region) === TokenComparison.DIFFERENT) {
    throw new Error(`got VPC ${vpc.node.path} of Region ${vpc.env.region}, expected one of Region ${region}, where the functions run: define the sync in a stack of the database's Region`);
  }
  return {
    vpc,
    vpcSubnets: vpcSubnets ?? { subnets: privateSubnets(vpc) },
    securityGroups: securityGroups ?? [new ec2.SecurityGroup(scope, 'SecurityGroup', { vpc, description: 'Functions of cognito-user-sync' })],
  };
}

/** For a database that may be in no VPC at all. */
export function optionalPlacement(scope: Construct, props: VpcPlacementProps): VpcPlacement | undefined {
  const { vpc, vpcSubnets, securityGroups } = props;
  if (!vpc && (vpcSubnets || securityGroups)) {
    throw new Error(`got ${vpcSubnets ? 'vpcSubnets' : 'securityGroups'} without vpc, expected both: pass the VPC that the database runs in as vpc`);
  }
  return vpc && vpcPlacement(scope, vpc, props);
}

/**
 * Warns of a function that must read its login where nothing leads out of the VPC. An interface endpoint may be there
 * without the app knowing it, so this is no error.
 *
 * @param otherLogin that needs no network, where there is one
 */
export function warnOfUnreachable(
  scope: Construct, placement: VpcPlacement | undefined, service: 'Secrets Manager' | 'Systems Manager', otherLogin = 'use DatabaseLogin.iam(), which needs no network, or ',
): void {
  if (!placement) return;
  const { vpc, vpcSubnets } = placement;
  const isolated = vpc.isolatedSubnets.map(({ subnetId }) => subnetId);
  if (!vpc.selectSubnets(vpcSubnets).subnetIds.some((id) => isolated.includes(id))) return;
  Annotations.of(scope).addWarningV2(
    'cognito-user-sync:unreachableSecret',
    `the function runs in isolated subnets, from where it cannot reach ${service}: ${otherLogin}add an interface endpoint for ${service} to the VPC and acknowledge this warning, or choose subnets with egress`,
  );
}

function privateSubnets(vpc: ec2.IVpc): ec2.ISubnet[] {
  const subnets = vpc.privateSubnets.length > 0 ? vpc.privateSubnets : vpc.isolatedSubnets;
  if (subnets.length === 0) {
    throw new Error(`got VPC ${vpc.node.path} without private or isolated subnets, expected some to run the function in: add them to the VPC, or choose others with vpcSubnets`);
  }
  return subnets;
}

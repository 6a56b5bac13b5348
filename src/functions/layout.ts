import { Annotations, type aws_ec2 as ec2, Resource } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { VpcPlacement } from '../database/vpc-placement';

export interface LayoutProps {
  readonly relay?: boolean;
  readonly writerConcurrency?: number;
}

/**
 * Whether rows are written through a writer function. The trigger function and the consumer call SQS and Cognito, so
 * they can run inside a VPC only where something leads out of it.
 *
 * Says what was chosen and why, unless the user chose.
 *
 * @throws a plain `Error` for a relay to nowhere, and for a writer that is not there
 */
export function needsRelay(scope: Construct, placement: VpcPlacement | undefined, { relay, writerConcurrency }: LayoutProps): boolean {
  if (relay && !placement) {
    throw new Error('got relay: true for a database without a VPC, expected one to relay into: pass the VPC that the database runs in as vpc, or take relay out');
  }
  const closed = placement && whyClosed(placement);
  if (relay === undefined) Annotations.of(scope).addInfoV2('cognito-user-sync:layout', message(placement, closed));
  const isRelay = relay ?? closed !== undefined;
  if (!isRelay && writerConcurrency !== undefined) {
    throw new Error('got writerConcurrency where the functions write themselves, expected a relay with a writer function: take writerConcurrency out, or pass relay: true');
  }
  return isRelay;
}

function message(placement: VpcPlacement | undefined, closed: string | undefined): string {
  if (!placement) return 'direct: the functions that write run in no VPC, since the database was given none, or is reached by HTTPS';
  const { path } = placement.vpc.node;
  return closed === undefined
    ? `direct: the functions that write run inside VPC ${path}, since its chosen subnets lead out to SQS and Cognito; relay: true keeps all but a writer function outside`
    : `relay: a writer function runs inside VPC ${path} and the others outside, since ${closed}; where the subnets do lead out to SQS and Cognito (NAT or endpoints), relay: false saves a function`;
}

/** Why nobody knows of a way out of the subnets; undefined where there is one. */
export function whyClosed({ vpc, vpcSubnets }: VpcPlacement): string | undefined {
  if (!Resource.isOwnedResource(vpc)) return 'the VPC is imported, and whether its subnets lead out is not known';
  const egress = vpc.privateSubnets.map(({ subnetId }) => subnetId);
  const { subnets } = vpc.selectSubnets(vpcSubnets);
  if (!subnets.every(({ subnetId }) => egress.includes(subnetId))) return 'not all of its chosen subnets are private ones with egress';
  return subnets.every(hasDefaultRoute) ? undefined : 'not all of its chosen subnets have a route out (natGateways: 0?)';
}

/** Subnets "with egress" have none where the VPC has no NAT gateway. */
function hasDefaultRoute(subnet: ec2.ISubnet): boolean {
  return subnet.node.findAll().some((child) => {
    const { cfnResourceType, destinationCidrBlock, destinationIpv6CidrBlock } = child as Partial<ec2.CfnRoute>;
    return cfnResourceType === 'AWS::EC2::Route' && (destinationCidrBlock === '0.0.0.0/0' || destinationIpv6CidrBlock === '::/0');
  });
}

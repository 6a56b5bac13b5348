import { Annotations, Reference, Stage, Token, Tokenization, type aws_rds as rds } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { DatabaseBinding } from './database-binding';
import { renderedProperties, templateResource } from './rendered-properties';

/** For a sync that writes while sign-up waits: a cluster that may pause is an error at synth, when all aspects have run. */
export function refusePausing(scope: Construct, { isPausing }: DatabaseBinding): void {
  scope.node.addValidation({
    validate: () => (isPausing?.() ? [
      'got a cluster that may pause (serverlessV2MinCapacity: 0, and no proxy in front of it) with Delivery.inline(), expected a database that is awake while sign-up waits: waking up takes 15 seconds and more, and Cognito waits 5. Pass delivery: Delivery.queued(), or give the cluster serverlessV2MinCapacity: 0.5, or put an RDS Proxy in front of it, which keeps it awake, and use UserDatabase.fromProxy()',
    ] : []),
  });
}

/** For API credentials: API Gateway gives up on an authorizer sooner than such a cluster wakes up, and the next call finds it awake. */
export function warnOfPausing(scope: Construct, { isPausing }: DatabaseBinding): void {
  scope.node.addValidation({
    validate: () => {
      if (isPausing?.()) {
        Annotations.of(scope).addWarningV2(
          'cognito-user-sync:pausing',
          'got a cluster that may pause (serverlessV2MinCapacity: 0, and no proxy in front of it): waking up takes 15 seconds and more, and API Gateway waits 10 for an authorizer, so that the first calls are answered with 500. Give the cluster serverlessV2MinCapacity: 0.5, or put an RDS Proxy in front of it and use UserDatabase.fromProxy(), or acknowledge this warning',
        );
      }
      return [];
    },
  });
}

/**
 * Whether the cluster may fall asleep while nobody uses it. It then takes 15 seconds and more to wake up, of which sign-up
 * waits 5. A proxy keeps it awake. Asked when all aspects have run; of imported clusters nobody knows.
 *
 * https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2-auto-pause.html
 */
export function canPause(cluster: rds.IDatabaseCluster): boolean {
  const resource = templateResource<rds.CfnDBCluster>(cluster);
  if (!resource) return false;
  const { ServerlessV2ScalingConfiguration: scaling } = renderedProperties(resource) as { ServerlessV2ScalingConfiguration?: { MinCapacity?: unknown } };
  return Number(scaling?.MinCapacity ?? NaN) === 0 && hasServerlessWriter(cluster) && !hasProxy(cluster, resource);
}

/** A provisioned writer never pauses, whatever its readers do. It is the one of the highest tier. */
function hasServerlessWriter(cluster: rds.IDatabaseCluster): boolean {
  const instances = cluster.node.findAll().filter((child) => isOf<rds.CfnDBInstance>(child, 'AWS::RDS::DBInstance'));
  const tier = Math.min(...instances.map(({ promotionTier }) => promotionTier ?? 1));
  return instances.every(({ promotionTier, dbInstanceClass }) => (promotionTier ?? 1) > tier || dbInstanceClass === 'db.serverless');
}

function hasProxy(cluster: rds.IDatabaseCluster, resource: rds.CfnDBCluster): boolean {
  const app = Stage.of(cluster) ?? cluster.node.root;
  const isCluster = (identifier: string) => identifier === cluster.clusterIdentifier
    || (Token.isUnresolved(identifier) && Tokenization.reverseString(identifier).tokens.some((token) => Reference.isReference(token) && token.target === resource));
  return app.node.findAll()
    .filter((child) => isOf<rds.CfnDBProxyTargetGroup>(child, 'AWS::RDS::DBProxyTargetGroup'))
    .some(({ dbClusterIdentifiers }) => dbClusterIdentifiers?.some(isCluster));
}

function isOf<T>(child: unknown, cfnResourceType: string): child is T {
  return (child as { readonly cfnResourceType?: string }).cfnResourceType === cfnResourceType;
}

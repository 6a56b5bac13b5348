import { Stack, type aws_rds as rds, type CfnResource, type IResolvable, type IResource } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { renderedProperties, templateResource } from './rendered-properties';

type Switches = Partial<Record<'enableIamDatabaseAuthentication' | 'enableHttpEndpoint', boolean | IResolvable>>;

/** A switch of a cluster or instance that a sync needs on, and that is off by default. */
interface DatabaseSetting {
  readonly member: keyof Switches;
  readonly property: string;
  /** The CDK's own prop for it. */
  readonly prop: string;
  readonly need: string;
  readonly wayOut: string;
}

const IAM_AUTHENTICATION: DatabaseSetting = {
  member: 'enableIamDatabaseAuthentication',
  property: 'EnableIAMDatabaseAuthentication',
  prop: 'iamAuthentication',
  need: 'IAM authentication',
  wayOut: 'take that setting out, or use DatabaseLogin.secret()',
};

const DATA_API: DatabaseSetting = {
  member: 'enableHttpEndpoint',
  property: 'EnableHttpEndpoint',
  prop: 'enableDataApi',
  need: 'the Data API',
  wayOut: 'take that setting out, or use UserDatabase.fromCluster()',
};

/**
 * Turns IAM authentication on, where nobody said otherwise: `grantConnect` does so for an instance, but not for a cluster,
 * and every login would be refused. Of imported databases only the deployment can tell.
 *
 * @throws a plain `Error` where it is off on purpose; what aspects and escape hatches do later is an error at synth
 */
export function requireIamAuthentication(scope: Construct, database: IResource): void {
  turnOn(scope, database, IAM_AUTHENTICATION);
}

/** The same for the Data API. */
export function requireDataApi(scope: Construct, cluster: rds.IDatabaseCluster): void {
  turnOn(scope, cluster, DATA_API);
}

function turnOn(scope: Construct, database: IResource, setting: DatabaseSetting): void {
  const { member, property, prop, need, wayOut } = setting;
  const resource = templateResource<CfnResource & Switches>(database);
  if (!resource) return;
  const refusal = (what: string) => `got ${database.node.path} with ${what}, expected ${need}: ${wayOut}`;
  const value: unknown = Stack.of(resource).resolve(resource[member]);
  if (value === false) throw new Error(refusal(`${prop}: false`));
  if (value === undefined) resource[member] = true;
  scope.node.addValidation({
    validate() {
      const rendered = renderedProperties(resource)[property];
      // What is known at deployment only may be true.
      const mayBeOn = String(rendered) === 'true' || typeof rendered === 'object';
      return mayBeOn ? [] : [refusal(`${property}: ${String(rendered)} in its template, after all aspects and overrides`)];
    },
  });
}

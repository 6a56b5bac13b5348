import { type CfnResource, type IResource, Stack } from 'aws-cdk-lib';

/**
 * Properties as the template is to have them, escape hatches (`addPropertyOverride`) included, which the resource's own
 * members do not show.
 *
 * Asked when all aspects have run only: a `Lazy` keeps what it gave first.
 */
export function renderedProperties(resource: CfnResource): Record<string, unknown> {
  const { Resources: resources = {} } = Stack.of(resource).resolve(resource._toCloudFormation()) as { Resources?: Record<string, { Properties?: Record<string, unknown> }> };
  return Object.values(resources)[0]?.Properties ?? {};
}

/** What stands for the construct in the template; undefined for an imported one. By member: an app may hold two copies of aws-cdk-lib. */
export function templateResource<T extends CfnResource>({ node }: IResource): T | undefined {
  const child = node.defaultChild as T | undefined;
  return child?.cfnResourceType === undefined ? undefined : child;
}

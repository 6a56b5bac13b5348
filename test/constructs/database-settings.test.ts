import { Aspects, type CfnResource, type Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { clusterIn, iamProps, instanceIn, newStack, secretIn, syncIn } from './stacks';
import { synthError } from './synth-errors';
import { UserDatabase } from '../../src';

type Resource = CfnResource & { enableIamDatabaseAuthentication?: unknown; enableHttpEndpoint?: unknown };

const settings = [
  {
    setting: 'IAM authentication of an instance',
    property: 'EnableIAMDatabaseAuthentication',
    sync(stack: Stack) {
      const instance = instanceIn(stack);
      syncIn(stack, { database: UserDatabase.fromInstance(instance, iamProps) });
      return instance.node.defaultChild as Resource;
    },
    turnOff: (resource: Resource) => { resource.enableIamDatabaseAuthentication = false; },
  },
  {
    setting: 'IAM authentication of a cluster',
    property: 'EnableIAMDatabaseAuthentication',
    sync(stack: Stack) {
      const cluster = clusterIn(stack);
      syncIn(stack, { database: UserDatabase.fromCluster(cluster, iamProps) });
      return cluster.node.defaultChild as Resource;
    },
    turnOff: (resource: Resource) => { resource.enableIamDatabaseAuthentication = false; },
  },
  {
    setting: 'the Data API of a cluster',
    property: 'EnableHttpEndpoint',
    sync(stack: Stack) {
      const cluster = clusterIn(stack);
      syncIn(stack, { database: UserDatabase.fromDataApi(cluster, { databaseName: 'app', table: 'users', secret: secretIn(stack) }) });
      return cluster.node.defaultChild as Resource;
    },
    turnOff: (resource: Resource) => { resource.enableHttpEndpoint = false; },
  },
];

describe.each(settings)('$setting', ({ sync, property, turnOff }) => {
  test('is turned on', () => {
    const stack = newStack();
    const { logicalId } = sync(stack);
    expect(synthError(stack)).toBe('');
    expect(Template.fromStack(stack).toJSON().Resources[stack.resolve(logicalId)].Properties[property]).toBe(true);
  });

  test('fails where an aspect turns it off later', () => {
    const stack = newStack();
    const resource = sync(stack);
    Aspects.of(stack).add({ visit: (node) => { if (node === resource) turnOff(resource); } });
    expect(synthError(stack)).toMatch(new RegExp(`\\[App/UserSync\\] got App/\\w+ with ${property}: false in its template, after all aspects and overrides, expected`));
  });

  test('fails where an override turns it off', () => {
    const stack = newStack();
    sync(stack).addPropertyOverride(property, false);
    expect(synthError(stack)).toContain(`with ${property}: false in its template`);
  });

  test('fails where an override takes it away', () => {
    const stack = newStack();
    sync(stack).addPropertyDeletionOverride(property);
    expect(synthError(stack)).toContain(`with ${property}: undefined in its template`);
  });

  test('what is known at deployment only may be on', () => {
    const stack = newStack();
    sync(stack).addPropertyOverride(property, { 'Fn::If': ['Yes', true, false] });
    expect(synthError(stack)).toBe('');
  });
});

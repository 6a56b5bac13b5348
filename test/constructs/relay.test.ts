import { CfnParameter, aws_ec2 as ec2, type Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { functionNamesOf, functionOf, iamProps, instanceIn, isolatedVpcIn, newStack, planOf, statementsOf, syncIn, vpcIn } from './stacks';
import { ColumnValue, DatabaseLogin, Delivery, UserDatabase, type CognitoUserSyncProps, type VpcPlacementProps } from '../../src';

function syncWith(vpcOf: (stack: Stack) => ec2.IVpc, props: Partial<CognitoUserSyncProps> = {}, placementOf: (vpc: ec2.IVpc) => VpcPlacementProps = () => ({})) {
  const stack = newStack();
  const vpc = vpcOf(stack);
  const instance = instanceIn(stack, { vpc, vpcSubnets: { subnets: [...vpc.privateSubnets, ...vpc.isolatedSubnets] } });
  const sync = syncIn(stack, { database: UserDatabase.fromInstance(instance, { ...iamProps, ...placementOf(vpc) }), ...props });
  return { stack, vpc, instance, sync };
}

const importedVpc = (stack: Stack) => ec2.Vpc.fromVpcAttributes(stack, 'Vpc', {
  vpcId: 'vpc-1', availabilityZones: ['eu-west-1a', 'eu-west-1b'], privateSubnetIds: ['subnet-1', 'subnet-2'], privateSubnetRouteTableIds: ['rtb-1', 'rtb-2'],
});
const mixedVpc = (stack: Stack) => new ec2.Vpc(stack, 'Vpc', {
  maxAzs: 2,
  subnetConfiguration: [
    { name: 'Public', subnetType: ec2.SubnetType.PUBLIC },
    { name: 'Private', subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS },
    { name: 'Data', subnetType: ec2.SubnetType.PRIVATE_ISOLATED },
  ],
});

const noNatVpc = (stack: Stack) => new ec2.Vpc(stack, 'Vpc', { maxAzs: 2, natGateways: 0, subnetConfiguration: [{ name: 'Private', subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS }] });
const routedVpc = (stack: Stack) => {
  const vpc = noNatVpc(stack);
  for (const subnet of vpc.privateSubnets as ec2.PrivateSubnet[]) subnet.addRoute('TransitGateway', { routerType: ec2.RouterType.TRANSIT_GATEWAY, routerId: 'tgw-1' });
  return vpc;
};

describe('the layout is chosen by the subnets', () => {
  test.each([
    ['private ones with egress: direct', vpcIn, undefined, false],
    ['isolated ones: relay', isolatedVpcIn, undefined, true],
    ['an imported VPC: relay', importedVpc, undefined, true],
    ['ones with egress that nothing gives them: relay', noNatVpc, undefined, true],
    ['ones with egress by a route of the user\'s own: direct', routedVpc, undefined, false],
    ['isolated ones where others have egress: relay', mixedVpc, (vpc: ec2.IVpc) => ({ vpcSubnets: { subnets: vpc.isolatedSubnets } }), true],
    ['some of each: relay', mixedVpc, (vpc: ec2.IVpc) => ({ vpcSubnets: { subnets: [vpc.isolatedSubnets[0], vpc.privateSubnets[1]] } }), true],
    ['those with egress where others are isolated: direct', mixedVpc, undefined, false],
  ])('%s', (_, vpcOf, placementOf, isRelay) => {
    const { stack, sync } = syncWith(vpcOf, {}, placementOf);
    expect(functionNamesOf(stack)).toEqual(isRelay ? ['Trigger', 'Consumer', 'Writer'] : ['Trigger', 'Consumer']);
    expect(sync.writerFunction === undefined).toBe(!isRelay);
  });

  test('no VPC: direct', () => {
    const stack = newStack();
    expect(syncIn(stack).writerFunction).toBeUndefined();
    expect(infosOf(stack)).toEqual([expect.stringMatching(/^direct: the functions that write run in no VPC.*by HTTPS.*\[ack: cognito-user-sync:layout\]$/)]);
  });

  test.each([
    [vpcIn, /^direct: the functions that write run inside VPC App\/Vpc, since its chosen subnets lead out to SQS and Cognito; relay: true keeps/],
    [isolatedVpcIn, /^relay: a writer function runs inside VPC App\/Vpc and the others outside, since not all of its chosen subnets are private ones with egress;.*relay: false/],
    [importedVpc, /^relay: .* since the VPC is imported, and whether its subnets lead out is not known;.*relay: false/],
  ])('and told at synth, with the reason and what would change it', (vpcOf, message) => {
    expect(infosOf(syncWith(vpcOf).stack)).toEqual([expect.stringMatching(message)]);
  });

  test.each([
    ['a relay', vpcIn, true, ['Trigger', 'Consumer', 'Writer']],
    ['none', isolatedVpcIn, false, ['Trigger', 'Consumer']],
  ])('unless the user chooses %s, and then nothing is told', (_, vpcOf, relay, names) => {
    const { stack } = syncWith(vpcOf, { relay });
    expect(functionNamesOf(stack)).toEqual(names);
    expect(infosOf(stack)).toEqual([]);
  });
});

describe('with a relay', () => {
  test('the writer alone is in the VPC', () => {
    const { stack } = syncWith(isolatedVpcIn);
    expect(functionOf(stack, 'Writer').Properties).toMatchObject({ Timeout: 60, MemorySize: 512, VpcConfig: { SubnetIds: [expect.anything(), expect.anything()] } });
    for (const name of ['Trigger', 'Consumer'] as const) expect(functionOf(stack, name).Properties).not.toHaveProperty('VpcConfig');
  });

  test('the writer knows the database, and the others know the writer', () => {
    const { stack } = syncWith(isolatedVpcIn);
    expect(planOf(stack, 'Writer')).toEqual({
      columns: { cognito_user_id: 'sub', email: 'email' },
      database: expect.objectContaining({ kind: 'postgres', login: { iamUser: 'user_sync' } }),
    });
    for (const name of ['Trigger', 'Consumer'] as const) {
      expect(planOf(stack, name).database).toEqual({ kind: 'relay', functionName: expect.stringMatching(/^<UserSyncWriterFunction[0-9A-F]{8}>$/) });
    }
  });

  test('everybody knows the key', () => {
    const { stack } = syncWith(isolatedVpcIn, { columns: { pool: ColumnValue.userPoolId(), id: ColumnValue.sub() } }, () => ({ key: ['pool', 'id'] } as VpcPlacementProps));
    for (const name of ['Trigger', 'Consumer', 'Writer'] as const) expect(planOf(stack, name).database.key).toEqual(['pool', 'id']);
  });

  test('the writer may log in and write its log, and nothing else', () => {
    const { stack } = syncWith(isolatedVpcIn);
    expect(statementsOf(stack, 'Writer').map(({ Action, Resource }) => [Action, Resource])).toEqual([
      [['logs:CreateLogStream', 'logs:PutLogEvents'], { 'Fn::GetAtt': [expect.stringMatching(/^UserSyncLogGroup/), 'Arn'] }],
      ['rds-db:connect', expect.anything()],
      [expect.arrayContaining(['ec2:CreateNetworkInterface']), '*'],
    ]);
  });

  test('the trigger may invoke the writer, send to the queue and write its log, and nothing else', () => {
    const { stack, sync } = syncWith(isolatedVpcIn);
    expect(statementsOf(stack)).toEqual([
      { Effect: 'Allow', Action: ['logs:CreateLogStream', 'logs:PutLogEvents'], Resource: stack.resolve(sync.logGroup.logGroupArn) },
      { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: stack.resolve(sync.queue.queueArn) },
      { Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: stack.resolve(sync.writerFunction!.functionArn) },
    ]);
  });

  test('the consumer may invoke exactly the writer, and has no login', () => {
    const { stack, sync } = syncWith(isolatedVpcIn);
    expect(statementsOf(stack, 'Consumer')).toContainEqual({ Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: stack.resolve(sync.writerFunction!.functionArn) });
    expect(JSON.stringify(statementsOf(stack, 'Consumer'))).not.toMatch(/rds-db|secretsmanager|ec2:/);
  });

  test('queued, the trigger does not even know the writer', () => {
    const { stack } = syncWith(isolatedVpcIn, { delivery: Delivery.queued() });
    expect(planOf(stack)).not.toHaveProperty('database');
    expect(JSON.stringify(statementsOf(stack))).not.toContain('lambda:InvokeFunction');
    expect(JSON.stringify(statementsOf(stack, 'Consumer'))).toContain('lambda:InvokeFunction');
  });

  test('the writer\'s memory is chosen with the trigger\'s, since sign-up waits for both', () => {
    const { stack } = syncWith(isolatedVpcIn, { memorySize: 1024 });
    expect(['Trigger', 'Consumer', 'Writer'].map((name) => functionOf(stack, name as never).Properties.MemorySize)).toEqual([1024, 512, 1024]);
  });

  test('the writer alone may be capped', () => {
    const { stack } = syncWith(isolatedVpcIn, { writerConcurrency: 5 });
    expect(functionOf(stack, 'Writer').Properties.ReservedConcurrentExecutions).toBe(5);
    for (const name of ['Trigger', 'Consumer'] as const) expect(functionOf(stack, name).Properties).not.toHaveProperty('ReservedConcurrentExecutions');
    expect(functionOf(syncWith(isolatedVpcIn).stack, 'Writer').Properties).not.toHaveProperty('ReservedConcurrentExecutions');
  });

  test('how many writers may run can be known at deployment only', () => {
    const stack = newStack();
    const writerConcurrency = new CfnParameter(stack, 'Most', { type: 'Number' }).valueAsNumber;
    syncIn(stack, { database: UserDatabase.fromInstance(instanceIn(stack), iamProps), relay: true, writerConcurrency });
    expect(functionOf(stack, 'Writer').Properties.ReservedConcurrentExecutions).toEqual({ Ref: 'Most' });
  });
});

describe.each([
  ['direct', vpcIn, Delivery.inline(), ['Trigger', 'Consumer']],
  ['relay', isolatedVpcIn, Delivery.inline(), ['Writer']],
  ['queued', vpcIn, Delivery.queued(), ['Consumer']],
] as const)('%s', (_, vpcOf, delivery, inside) => {
  test('every function that reaches the database has the one security group, which the database lets in once', () => {
    const { stack, sync } = syncWith(vpcOf, { delivery });
    const [group, ...others] = sync.connections.securityGroups.map(({ securityGroupId }) => stack.resolve(securityGroupId));
    expect(others).toEqual([]);
    for (const name of inside) expect(functionOf(stack, name).Properties.VpcConfig.SecurityGroupIds).toEqual([group]);
    const ingress = Object.values(Template.fromStack(stack).findResources('AWS::EC2::SecurityGroupIngress'));
    expect(ingress.map(({ Properties }) => Properties.SourceSecurityGroupId)).toEqual([group]);
  });

  test('a function waits for the permission to have network interfaces', () => {
    const { stack } = syncWith(vpcOf, { delivery });
    for (const name of inside) expect(functionOf(stack, name).DependsOn).toContainEqual(expect.stringMatching(new RegExp(`^UserSync${name}RoleNetworkInterfaces`)));
  });
});

test('warns of a secret that the writer cannot read from isolated subnets', () => {
  const stack = newStack();
  const instance = instanceIn(stack, { vpc: isolatedVpcIn(stack) });
  syncIn(stack, { database: UserDatabase.fromInstance(instance, { ...iamProps, login: DatabaseLogin.secret(instance.secret!) }) });
  Annotations.fromStack(stack).hasWarning('/App/UserSync', Match.stringLikeRegexp('cannot reach Secrets Manager'));
});

test('fails on a relay into no VPC', () => {
  expect(() => syncIn(newStack(), { relay: true })).toThrow('App/UserSync: got relay: true for a database without a VPC, expected one to relay into: pass the VPC that the database runs in as vpc, or take relay out');
});

test('fails on capping a writer that is not there', () => {
  expect(() => syncWith(vpcIn, { writerConcurrency: 5 })).toThrow('App/UserSync: got writerConcurrency where the functions write themselves, expected a relay with a writer function: take writerConcurrency out, or pass relay: true');
});

test.each([0, -1, 1.5, 1001])('fails on %p writers', (writerConcurrency) => {
  expect(() => syncWith(isolatedVpcIn, { writerConcurrency })).toThrow(`App/UserSync: got writerConcurrency ${writerConcurrency}, expected a whole number from 1 to 1,000`);
});

function infosOf(stack: Stack): unknown[] {
  return Annotations.fromStack(stack).findInfo('/App/UserSync', Match.anyValue()).map(({ entry }) => entry.data);
}

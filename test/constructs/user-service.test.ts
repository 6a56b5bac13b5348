import { CfnParameter, type Stack, aws_apigateway as apigateway, aws_apigatewayv2 as apigatewayv2, aws_ec2 as ec2, aws_elasticloadbalancingv2 as elb } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { functionNamesOf, functionOf, isolatedVpcIn, newStack, planOf, secretIn, statementsOf, syncIn, triggerFunctionOf, vpcIn } from './stacks';
import { synthError } from './synth-errors';
import { CognitoUserSync, ColumnKind, ColumnValue, ColumnWrite, ServiceLogin, UserDatabase, UserServiceMethod, type CognitoUserSyncProps, type UserServiceProps } from '../../src';
import { certificates } from '../support/certificates';

const URL = 'https://users.example.com/api/v1/users';
const API = 'arn:aws:execute-api:eu-north-1:111122223333:abc123/prod';

test('a URL is all it takes', () => {
  const stack = withService();
  expect(planOf(stack)).toMatchObject({ database: { kind: 'userService', url: URL }, columns: { cognitoSub: 'sub', fullName: 'name' } });
  expect(planOf(stack).database).toEqual({ kind: 'userService', url: URL });
  expect(functionNamesOf(stack)).toEqual(['Trigger', 'Consumer']);
  expect(triggerFunctionOf(stack).Properties).not.toHaveProperty('VpcConfig');
});

test('the functions may call no service of AWS but for the queues and the pool', () => {
  const actions = statementsOf(withService()).flatMap(({ Action }) => Action);
  expect(actions.filter((action: string) => !/^(sqs|logs|cognito-idp|xray):/.test(action))).toEqual([]);
});

test('the functions are told all that was said', () => {
  const props = { method: UserServiceMethod.POST, key: ['cognitoSub'], login: ServiceLogin.none(), dangerouslyAllowUnencryptedConnections: true };
  expect(planOf(withService(props, 'http://users.internal/users')).database)
    .toEqual({ kind: 'userService', url: 'http://users.internal/users', method: 'POST', key: ['cognitoSub'], mayBeUnencrypted: true });
});

test.each<[string, (stack: Stack) => ServiceLogin, object]>([
  ['an API key', (stack) => ServiceLogin.apiKey(secretIn(stack)), { header: 'x-api-key' }],
  ['an API key of its own header and field', (stack) => ServiceLogin.apiKey(secretIn(stack), { header: 'X-Users-Key', field: 'key' }), { header: 'X-Users-Key', secretField: 'key' }],
  ['a bearer token', (stack) => ServiceLogin.bearer(secretIn(stack)), {}],
  ['a bearer token in a field', (stack) => ServiceLogin.bearer(secretIn(stack), { field: 'token' }), { secretField: 'token' }],
])('%s is read from its secret, and from no other', (_case, login, told) => {
  const stack = newStack();
  syncIn(stack, { database: UserDatabase.userService(URL, { login: login(stack) }) });
  expect(planOf(stack).database).toEqual({ kind: 'userService', url: URL, login: { secretArn: expect.stringMatching(/^<Secret[0-9A-F]{8}>$/), ...told } });
  const { Action, Resource } = statementsOf(stack)[2];
  expect({ Action, Resource }).toEqual({ Action: 'secretsmanager:GetSecretValue', Resource: { Ref: expect.stringMatching(/^Secret/) } });
});

describe('IAM', () => {
  test('allows the one method and path, and signs for the Region of the API', () => {
    const stack = withService({ login: ServiceLogin.iam(`${API}/PUT/v1/users/*`) });
    expect(planOf(stack).database).toMatchObject({ login: { signingRegion: 'eu-north-1' } });
    expect(statementsOf(stack)[2]).toEqual({ Effect: 'Allow', Action: 'execute-api:Invoke', Resource: `${API}/PUT/v1/users/*` });
  });

  test.each<[string, UserServiceMethod, (stack: Stack) => string, string]>([
    ['a REST API', UserServiceMethod.PUT, (stack) => apigateway.RestApi.fromRestApiId(stack, 'Api', 'abc123').arnForExecuteApi('PUT', '/users/*', 'prod'), 'eu-west-1'],
    ['a REST API', UserServiceMethod.POST, (stack) => apigateway.RestApi.fromRestApiId(stack, 'Api', 'abc123').arnForExecuteApi('POST', '/users', 'prod'), 'eu-west-1'],
    ['an HTTP API', UserServiceMethod.PUT, (stack) => new apigatewayv2.HttpApi(stack, 'Api').arnForExecuteApi('PUT', '/users/*', '$default'), 'eu-west-1'],
    ['a parameter', UserServiceMethod.PUT, (stack) => new CfnParameter(stack, 'Arn').valueAsString, '<Region>'],
  ])('takes the ARN that %s gives for %s', (_case, method, arn, signingRegion) => {
    const stack = newStack();
    syncIn(stack, { database: UserDatabase.userService(URL, { method, login: ServiceLogin.iam(arn(stack)) }) });
    const [variables] = Object.values(functionOf(stack, 'Trigger').Properties.Environment) as Array<Record<string, unknown>>;
    if (signingRegion === '<Region>') expect(JSON.stringify(variables)).toContain('{"Fn::Select":[3,{"Fn::Split":[":",{"Ref":"Arn"}]}]}');
    else expect(planOf(stack).database).toMatchObject({ login: { signingRegion } });
  });

  test.each<[string, UserServiceMethod, RegExp]>([
    ['https://abc123.execute-api.eu-north-1.amazonaws.com/prod/users', UserServiceMethod.PUT, /expected the ARN of one API/],
    ['arn:aws:lambda:eu-north-1:111122223333:function:users', UserServiceMethod.PUT, /expected the ARN of one API/],
    [`${API}/*/users/*`, UserServiceMethod.PUT, /expected the ARN of one API/],
    ['arn:aws:execute-api:eu-north-1:111122223333:*/prod/PUT/users/*', UserServiceMethod.PUT, /expected the ARN of one API/],
    [`${API}/POST/users`, UserServiceMethod.PUT, /method POST in ServiceLogin.iam\(\), expected one for PUT/],
    [`${API}/PUT/users`, UserServiceMethod.PUT, /expected one that ends with \/\*/],
    [`${API}/POST/users/*`, UserServiceMethod.POST, /expected the one path that a POST goes to/],
  ])('fails for %s with %s', (arn, method, message) => {
    expect(() => withService({ method, login: ServiceLogin.iam(arn) })).toThrow(message);
  });
});

test('fails for a header that is none, and for a login without its secret', () => {
  expect(() => withService({ login: ServiceLogin.apiKey(secretIn(newStack()), { header: 'x api key' }) })).toThrow(/got header "x api key" for the login at the user service, expected a name such as x-api-key/);
  expect(() => withService({ login: ServiceLogin.apiKey(secretIn(newStack()), { header: 'Content-Type' }) })).toThrow(/got header "Content-Type".* none that the functions send themselves/);
  expect(() => withService({ login: ServiceLogin.bearer(undefined as never) })).toThrow(/got ServiceLogin.bearer\(\) without a secret/);
});

describe('the URL', () => {
  test.each<[string, RegExp]>([
    ['http://users.example.com/users', /^App\/UserSync: got an http: URL of the user service/],
    ['https://sync:canary@users.example.com/users', /with a user name or password in it/],
    ['https://users.example.com/users#canary', /with a fragment/],
    ['users.example.com/canary', /got no URL of the user service/],
    ['', /got no URL/],
  ])('fails for %p, which is not shown', (url, message) => {
    expect(() => withService({}, url)).toThrow(message);
    expect(() => withService({}, url)).not.toThrow(/canary/);
  });

  test('may be known at deployment only', () => {
    const stack = newStack();
    const api = apigateway.RestApi.fromRestApiAttributes(stack, 'Api', { restApiId: 'abc123', rootResourceId: 'root' });
    syncIn(stack, { database: UserDatabase.userService(`${new apigateway.Stage(stack, 'Stage', { deployment: new apigateway.Deployment(stack, 'Deployment', { api }) }).urlForPath('/users')}`) });
    expect(planOf(stack).database).toMatchObject({ url: expect.stringMatching(/^https:\/\/.*\/users$/) });
  });

  test.each<[string, (token: string) => string, RegExp]>([
    ['the scheme', (token) => `https//${token}/users`, /got no URL of the user service/],
    ['the scheme before a host', (token) => `users.example.com/${token}`, /got no URL of the user service/],
    ['another protocol', (token) => `ftp://${token}/users`, /got no URL of the user service/],
    ['a password', (token) => `https://sync:canary@${token}/users`, /with a user name or password in it/],
    ['a fragment', (token) => `https://${token}/users#canary`, /with a fragment/],
    ['a fragment after all that is known later', (token) => `${token}#canary`, /with a fragment/],
  ])('fails for what is known of it beside a token: %s', (_case, url, message) => {
    const build = () => withService({}, url(new CfnParameter(newStack(), 'Host').valueAsString));
    expect(build).toThrow(message);
    expect(build).not.toThrow(/canary/);
  });

  test('takes tokens wherever they may stand', () => {
    const token = new CfnParameter(newStack(), 'Part').valueAsString;
    for (const url of [`${token}/users`, `https://${token}:${token}/users/${token}?x=${token}`, `https://${token}.example.com/`, `https://x.${token}`]) expect(() => withService({}, url)).not.toThrow();
  });

  test('fails without TLS where the name of a load balancer is known at deployment only, but for who allows it', () => {
    const build = (props: UserServiceProps) => {
      const stack = newStack();
      const vpc = vpcIn(stack);
      const { loadBalancerDnsName } = new elb.ApplicationLoadBalancer(stack, 'Alb', { vpc });
      syncIn(stack, { database: UserDatabase.userService(`http://${loadBalancerDnsName}/users`, { vpc, ...props }) });
      return planOf(stack).database;
    };
    expect(() => build({})).toThrow(/got an http: URL/);
    expect(build({ dangerouslyAllowUnencryptedConnections: true })).toMatchObject({ mayBeUnencrypted: true });
  });
});

describe('in a VPC', () => {
  test('the functions run where the service is, and its connections let them in', () => {
    const stack = newStack();
    const vpc = vpcIn(stack);
    const service = new ec2.SecurityGroup(stack, 'Service', { vpc });
    const sync = syncIn(stack, { database: UserDatabase.userService(URL, { vpc }) });
    sync.connections.allowTo(service, ec2.Port.HTTPS);
    const { SubnetIds, SecurityGroupIds } = triggerFunctionOf(stack).Properties.VpcConfig;
    expect(SubnetIds).toEqual(vpc.privateSubnets.map(({ subnetId }) => stack.resolve(subnetId)));
    Template.fromStack(stack).hasResourceProperties('AWS::EC2::SecurityGroupIngress', { GroupId: stack.resolve(service.securityGroupId), SourceSecurityGroupId: SecurityGroupIds[0], FromPort: 443 });
  });

  test('without a way out, a writer function of its own has the login, and the others its name alone', () => {
    const stack = newStack();
    syncIn(stack, { database: UserDatabase.userService(URL, { vpc: isolatedVpcIn(stack), key: ['cognito_user_id'], login: ServiceLogin.apiKey(secretIn(stack)) }) });
    expect(functionNamesOf(stack)).toEqual(['Trigger', 'Consumer', 'Writer']);
    expect(planOf(stack).database).toEqual({ kind: 'relay', functionName: expect.anything(), key: ['cognito_user_id'], names: 'plain' });
    expect(planOf(stack, 'Writer').database).toMatchObject({ kind: 'userService', url: URL });
    Annotations.fromStack(stack).hasWarning('/App/UserSync', Match.stringLikeRegexp('cannot reach Secrets Manager: add an interface endpoint'));
  });

  test('fails for subnets without a VPC', () => {
    expect(() => withService({ vpcSubnets: {} })).toThrow(/got vpcSubnets without vpc/);
  });
});

test('authorities of its own lie beside the functions', async () => {
  const { ca } = await certificates();
  const stack = withService({ certificateAuthorities: ca });
  expect(planOf(stack).database).toEqual({ kind: 'userService', url: URL, ownCertificates: true });
  const { S3Key: withOwn } = functionOf(stack, 'Trigger').Properties.Code;
  expect(withOwn).not.toEqual(functionOf(withService(), 'Trigger').Properties.Code.S3Key);
});

describe('columns', () => {
  test('may have any name', () => {
    expect(Object.keys(planOf(withService()).columns)).toEqual(['cognitoSub', 'fullName']);
    expect(() => withService({}, URL, { columns: { 'cognito sub': ColumnValue.sub(), '__proto__x': ColumnValue.attribute('email') } })).not.toThrow();
  });

  test('fails for one that a PUT cannot ask for, and not for a POST', () => {
    const columns = { id: ColumnValue.sub(), nickname: ColumnValue.attribute('nickname', { write: ColumnWrite.WHILE_NULL }) };
    expect(() => withService({}, URL, { columns })).toThrow(/^App\/UserSync: column "nickname" has ColumnWrite.WHILE_NULL/);
    expect(() => withService({ method: UserServiceMethod.POST }, URL, { columns })).not.toThrow();
  });

  test('with the time of the observation hold that of the first with a POST, since the last would be sent for ever', () => {
    const columns = { id: ColumnValue.sub(), seenAt: ColumnValue.observedAt() };
    expect(planOf(withService({ method: UserServiceMethod.POST }, URL, { columns })).columns).toEqual({ id: 'sub', seenAt: { from: 'observedAt', write: 'onInsert' } });
    expect(planOf(withService({}, URL, { columns })).columns).toEqual({ id: 'sub', seenAt: 'observedAt' });
  });

  test('whose changes a POST does not send are told', () => {
    const columns = { id: ColumnValue.sub(), email: ColumnValue.attribute('email'), role: ColumnValue.constant('USER'), from: ColumnValue.attribute('locale', { write: ColumnWrite.ON_INSERT }) };
    const told = (props: UserServiceProps) => Annotations.fromStack(withService(props, URL, { columns })).findInfo('*', Match.stringLikeRegexp('changes of email are not sent'));
    expect(told({ method: UserServiceMethod.POST })).toHaveLength(1);
    expect(told({})).toEqual([]);
  });

  test('with a constant for the role draw no warning, and one from an attribute does', () => {
    const warnings = (role: ColumnValue) => Annotations.fromStack(withService({}, URL, { columns: { id: ColumnValue.sub(), role } })).findWarning('*', Match.stringLikeRegexp('column role looks as if'));
    expect(warnings(ColumnValue.constant('USER', { kind: ColumnKind.TEXT }))).toEqual([]);
    expect(warnings(ColumnValue.attribute('custom:role'))).toHaveLength(1);
  });
});

test('a service that lets everybody in draws a warning outside a VPC', () => {
  const warnings = (props: (stack: Stack) => UserServiceProps) => {
    const stack = newStack();
    syncIn(stack, { database: UserDatabase.userService(URL, props(stack)) });
    return Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('whoever finds its URL could write users'));
  };
  expect(warnings(() => ({}))).toHaveLength(1);
  expect(warnings((stack) => ({ login: ServiceLogin.bearer(secretIn(stack)) }))).toEqual([]);
  expect(warnings((stack) => ({ vpc: vpcIn(stack) }))).toEqual([]);
});

test('the whole app can be synthesised', () => {
  expect(synthError(withService())).toBe('');
});

function withService(props: UserServiceProps = {}, url = URL, more: Partial<CognitoUserSyncProps> = {}): Stack {
  const stack = newStack();
  const sync = syncIn(stack, { columns: { cognitoSub: ColumnValue.sub(), fullName: ColumnValue.attribute('name') }, ...more, database: UserDatabase.userService(url, props) });
  expect(sync).toBeInstanceOf(CognitoUserSync);
  return stack;
}

import { App, CfnOutput, CfnParameter, Stack, aws_apigatewayv2 as api, aws_cognito as cognito, aws_dynamodb as dynamodb } from 'aws-cdk-lib';
import { HttpUserPoolAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration, HttpUrlIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { ApiCredentials, CognitoUserSync, ColumnValue, UserDatabase } from 'cognito-user-sync';

const stack = new Stack(new App(), 'ApiCredentials');

// cdk deploy --parameters SourceUrl=https://source.example.com
const source = new CfnParameter(stack, 'SourceUrl', { allowedPattern: 'https?://[^/]+' });

const table = new dynamodb.TableV2(stack, 'Users', { partitionKey: { name: 'sub', type: dynamodb.AttributeType.STRING } });
const database = UserDatabase.dynamoDb(table);

const userPool = new cognito.UserPool(stack, 'UserPool', { selfSignUpEnabled: true, signInAliases: { email: true } });
const client = userPool.addClient('App', { authFlows: { userPassword: true, userSrp: true }, disableOAuth: true });

// What finds a user's item, for both.
const key = { sub: ColumnValue.sub() };

const sync = new CognitoUserSync(stack, 'UserSync', {
  userPool,
  database,
  columns: { ...key, username: ColumnValue.username(), email: ColumnValue.attribute('email') },
});

const credentials = new ApiCredentials(stack, 'Credentials', { userPool, userPoolClients: [client], database, key, memorySize: 1024 });

const gateway = new api.HttpApi(stack, 'Api');
// Users who are signed in get their credential here.
gateway.addRoutes({
  path: '/credential',
  methods: [api.HttpMethod.POST, api.HttpMethod.DELETE],
  integration: new HttpLambdaIntegration('Claim', credentials.claimFunction),
  authorizer: new HttpUserPoolAuthorizer('SignedIn', userPool, { userPoolClients: [client] }),
});
// Whoever shows one is let through to the source server, which is told who it is.
gateway.addRoutes({
  path: '/{proxy+}',
  integration: new HttpUrlIntegration('Source', `${source.valueAsString}/{proxy}`, {
    parameterMapping: new api.ParameterMapping().overwriteHeader('x-user', api.MappingValue.custom('$context.authorizer.sub')),
  }),
  authorizer: credentials.httpAuthorizer(),
});

new CfnOutput(stack, 'UserPoolId', { value: userPool.userPoolId });
new CfnOutput(stack, 'ClientId', { value: client.userPoolClientId });
new CfnOutput(stack, 'TableName', { value: table.tableName });
new CfnOutput(stack, 'ApiUrl', { value: gateway.apiEndpoint });
new CfnOutput(stack, 'TriggerFunction', { value: sync.triggerFunction.functionName });

import { App, CfnOutput, CfnParameter, Stack, aws_cognito as cognito, aws_kms as kms, aws_secretsmanager as secretsmanager } from 'aws-cdk-lib';
import { CognitoUserSync, ColumnValue, ServiceLogin, UserDatabase, UserServiceMethod } from 'cognito-user-sync';

const stack = new Stack(new App(), 'UserService');

// cdk deploy --parameters UserServiceUrl=https://users.example.com/api/v1/users
const url = new CfnParameter(stack, 'UserServiceUrl', { allowedPattern: 'https://.+' });
// A random key, which the service reads from here, too.
const apiKey = new secretsmanager.Secret(stack, 'ApiKey');

const userPool = new cognito.UserPool(stack, 'UserPool', { selfSignUpEnabled: true, signInAliases: { email: true } });
const client = userPool.addClient('App', { authFlows: { userSrp: true }, disableOAuth: true });

const sync = new CognitoUserSync(stack, 'UserSync', {
  userPool,
  database: UserDatabase.userService(url.valueAsString, {
    method: UserServiceMethod.POST,
    key: ['cognitoSub'],
    login: ServiceLogin.apiKey(apiKey),
  }),
  columns: {
    cognitoSub: ColumnValue.sub(),
    email: ColumnValue.attribute('email'),
    fullName: ColumnValue.attribute('name'),
    status: ColumnValue.constant('ACTIVE'),
    role: ColumnValue.constant('USER'),
    createdBy: ColumnValue.sub(),
    updatedBy: ColumnValue.sub(),
  },
  logEncryptionKey: new kms.Key(stack, 'LogKey', { enableKeyRotation: true }),
});

new CfnOutput(stack, 'UserPoolId', { value: userPool.userPoolId });
new CfnOutput(stack, 'ClientId', { value: client.userPoolClientId });
new CfnOutput(stack, 'ApiKeySecret', { value: apiKey.secretArn });
new CfnOutput(stack, 'TriggerFunction', { value: sync.triggerFunction.functionName });

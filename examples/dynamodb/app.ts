import { App, CfnOutput, Stack, aws_cognito as cognito, aws_dynamodb as dynamodb } from 'aws-cdk-lib';
import { CognitoUserSync, ColumnValue, UserDatabase } from 'cognito-user-sync';

const stack = new Stack(new App(), 'DynamoDb');

const table = new dynamodb.TableV2(stack, 'Users', { partitionKey: { name: 'UserID', type: dynamodb.AttributeType.STRING } });

const userPool = new cognito.UserPool(stack, 'UserPool', { selfSignUpEnabled: true, signInAliases: { email: true } });
const client = userPool.addClient('App', { authFlows: { userSrp: true }, disableOAuth: true });

const sync = new CognitoUserSync(stack, 'UserSync', {
  userPool,
  database: UserDatabase.dynamoDb(table),
  columns: {
    UserID: ColumnValue.sub(),
    Email: ColumnValue.attribute('email'),
    firstName: ColumnValue.attribute('given_name'),
    lastName: ColumnValue.attribute('family_name'),
  },
});

new CfnOutput(stack, 'UserPoolId', { value: userPool.userPoolId });
new CfnOutput(stack, 'ClientId', { value: client.userPoolClientId });
new CfnOutput(stack, 'TableName', { value: table.tableName });
new CfnOutput(stack, 'TriggerFunction', { value: sync.triggerFunction.functionName });

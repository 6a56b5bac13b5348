const { App, Stack, aws_cognito: cognito, aws_secretsmanager: secretsmanager } = require('aws-cdk-lib');
const { CognitoUserSync, ColumnValue, ColumnWrite, UserDatabase } = require('cognito-user-sync');

const stack = new Stack(new App(), 'ExampleStack', { env: { region: 'eu-west-1', account: '111122223333' } });
const secret = secretsmanager.Secret.fromSecretCompleteArn(stack, 'Secret', 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:users-AbCdEf');

new CognitoUserSync(stack, 'UserSync', {
  userPool: new cognito.UserPool(stack, 'UserPool'),
  database: UserDatabase.fromSecret(secret, { table: 'public.users' }),
  columns: {
    cognito_user_id: ColumnValue.sub(),
    email: ColumnValue.attribute('email'),
    display_name: ColumnValue.attribute('name', { write: ColumnWrite.WHILE_NULL }),
    handle: ColumnValue.attribute('preferred_username'),
  },
});

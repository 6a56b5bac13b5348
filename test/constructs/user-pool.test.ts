import { aws_cognito as cognito, aws_lambda as lambda } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { newStack, syncIn, userPoolIn } from './stacks';

test('the pool calls the function, and nobody else may', () => {
  const stack = newStack();
  syncIn(stack, { userPool: userPoolIn(stack) });
  const template = Template.fromStack(stack);
  const [functionId] = Object.keys(template.findResources('AWS::Lambda::Function', { Properties: { Timeout: 5 } }));
  const [poolId] = Object.keys(template.findResources('AWS::Cognito::UserPool'));
  const functionArn = { 'Fn::GetAtt': [functionId, 'Arn'] };
  template.hasResourceProperties('AWS::Cognito::UserPool', { LambdaConfig: { PostConfirmation: functionArn } });
  expect(Object.values(template.findResources('AWS::Lambda::Permission', { Properties: { FunctionName: functionArn } })).map(({ Properties }) => Properties)).toEqual([{
    Action: 'lambda:InvokeFunction',
    FunctionName: functionArn,
    Principal: 'cognito-idp.amazonaws.com',
    SourceArn: { 'Fn::GetAtt': [poolId, 'Arn'] },
    SourceAccount: '111122223333',
  }]);
});

test('the account is a token where the stack has none', () => {
  const stack = newStack('App', {});
  syncIn(stack);
  Template.fromStack(stack).hasResourceProperties('AWS::Lambda::Permission', { Principal: 'cognito-idp.amazonaws.com', SourceAccount: { Ref: 'AWS::AccountId' } });
});

test('the pool keeps its other triggers', () => {
  const stack = newStack();
  const pool = userPoolIn(stack);
  pool.addTrigger(cognito.UserPoolOperation.PRE_SIGN_UP, otherFunction(stack));
  syncIn(stack, { userPool: pool });
  const [{ Properties }] = Object.values(Template.fromStack(stack).findResources('AWS::Cognito::UserPool'));
  expect(Object.keys(Properties.LambdaConfig).sort()).toEqual(['PostConfirmation', 'PreSignUp']);
});

const OCCUPIED = /^App\/UserSync: got user pool App\/UserPool, which has a post-confirmation trigger already.*remove that trigger, or run both in one function of your own, by compose\(\) from 'cognito-user-sync\/handler'$/;

test('fails on a pool that was made with a post-confirmation trigger', () => {
  const stack = newStack();
  const userPool = new cognito.UserPool(stack, 'UserPool', { lambdaTriggers: { postConfirmation: otherFunction(stack) } });
  expect(() => syncIn(stack, { userPool })).toThrow(OCCUPIED);
});

test('fails on a pool that was given a post-confirmation trigger', () => {
  const stack = newStack();
  const userPool = userPoolIn(stack);
  userPool.addTrigger(cognito.UserPoolOperation.POST_CONFIRMATION, otherFunction(stack));
  expect(() => syncIn(stack, { userPool })).toThrow(OCCUPIED);
});

test('fails on an imported pool', () => {
  const stack = newStack();
  const userPool = cognito.UserPool.fromUserPoolId(stack, 'Imported', 'eu-west-1_AbCdEfGhI');
  expect(() => syncIn(stack, { userPool })).toThrow(/^App\/UserSync: got imported user pool App\/Imported.*pass attach: TriggerAttachment\.customResource\(\), define the sync in that app, or use createPostConfirmationHandler from 'cognito-user-sync\/handler'/);
});

function otherFunction(stack: ReturnType<typeof newStack>): lambda.Function {
  return new lambda.Function(stack, 'Other', { runtime: lambda.Runtime.NODEJS_24_X, handler: 'index.handler', code: lambda.Code.fromInline('exports.handler = (event) => event;') });
}

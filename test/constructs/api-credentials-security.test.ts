import { aws_dynamodb as dynamodb, type Stack } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { iamProps, instanceIn, newStack, userPoolIn } from './stacks';
import { ApiCredentials, ColumnValue, UserDatabase } from '../../src';

test.each<[string, (stack: Stack) => UserDatabase]>([
  ['PostgreSQL in a VPC', (stack) => UserDatabase.fromInstance(instanceIn(stack), iamProps)],
  ['DynamoDB', (stack) => UserDatabase.dynamoDb(new dynamodb.Table(stack, 'Table', { partitionKey: { name: 'cognito_user_id', type: dynamodb.AttributeType.STRING } }))],
])('cdk-nag finds nothing about API credentials in %s', (_name, database) => {
  const stack = newStack();
  const credentials = new ApiCredentials(stack, 'ApiCredentials', { userPool: userPoolIn(stack), database: database(stack), key: { cognito_user_id: ColumnValue.sub() } });
  const { violations } = new AwsSolutionsChecks(stack.node.root).validateScope(stack.node.root);
  const findings = violations.flatMap(({ ruleName, violatingResources }) => violatingResources.map(({ constructPath }) => `${ruleName} ${constructPath}`));
  // The app's own pool is in the same stack, so that the rules are seen to look.
  expect(findings).toContainEqual(expect.stringMatching(/^AwsSolutions-COG\d+ App\/UserPool/));
  expect(findings.filter((finding) => finding.includes(credentials.node.path))).toEqual([]);
});

import { Annotations, ArnFormat, Stack, aws_iam as iam, aws_logs as logs, type aws_kms as kms } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

export interface FunctionLogsProps {
  readonly logGroup?: logs.ILogGroup;
  readonly logEncryptionKey?: kms.IKey;
}

const ACTIONS = ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:DescribeKey'];

const CONTEXT = 'kms:EncryptionContext:aws:logs:arn';

/**
 * The log group of all functions.
 *
 * @throws a plain `Error` for a key beside a log group, which has its own
 */
export function functionLogs(scope: Construct, { logGroup, logEncryptionKey }: FunctionLogsProps): logs.ILogGroup {
  if (logGroup && logEncryptionKey) throw new Error('got logGroup and logEncryptionKey, expected one of them: set the key on the log group itself');
  if (logGroup) return logGroup;
  if (logEncryptionKey) allowEncryption(scope, logEncryptionKey);
  return new logs.LogGroup(scope, 'LogGroup', { retention: logs.RetentionDays.ONE_MONTH, encryptionKey: logEncryptionKey });
}

/**
 * CloudFormation chooses the log group's name, so that a second one never meets the first, which stays: the key is for log
 * groups of this account and Region, in AWS's own words.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
 */
function allowEncryption(scope: Construct, key: kms.IKey): void {
  const stack = Stack.of(scope);
  const { statementAdded } = key.addToResourcePolicy(new iam.PolicyStatement({
    principals: [new iam.ServicePrincipal(`logs.${stack.region}.amazonaws.com`)],
    actions: ACTIONS,
    resources: ['*'],
    conditions: { ArnLike: { [CONTEXT]: stack.formatArn({ service: 'logs', resource: 'log-group', resourceName: '*', arnFormat: ArnFormat.COLON_RESOURCE_NAME }) } },
  }));
  if (statementAdded) return;
  Annotations.of(scope).addWarningV2(
    'cognito-user-sync:logEncryptionKey',
    `the policy of ${key.node.path} is not this app's to change, and CloudWatch Logs must be allowed to use the key, or the log group cannot be created: see that its policy allows ${ACTIONS.join(', ')} to logs.<region>.amazonaws.com, where ${CONTEXT} is like arn:<partition>:logs:<region>:<account>:log-group:*, and acknowledge this warning`,
  );
}

import { ArnFormat, Names, Stack, aws_iam as iam, aws_logs as logs, type aws_kms as kms } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

export interface FunctionLogsProps {
  readonly logGroup?: logs.ILogGroup;
  readonly logEncryptionKey?: kms.IKey;
}

/**
 * The log group of all functions.
 *
 * @throws a plain `Error` for a key beside a log group, which has its own
 */
export function functionLogs(scope: Construct, { logGroup, logEncryptionKey }: FunctionLogsProps): logs.ILogGroup {
  if (logGroup && logEncryptionKey) throw new Error('got logGroup and logEncryptionKey, expected one of them: set the key on the log group itself');
  if (logGroup) return logGroup;
  return new logs.LogGroup(scope, 'LogGroup', { retention: logs.RetentionDays.ONE_MONTH, ...(logEncryptionKey && encryptedBy(logEncryptionKey, scope)) });
}

/**
 * The key's policy names the log group, and the log group the key: only a name that is known beforehand makes that no cycle.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
 */
function encryptedBy(encryptionKey: kms.IKey, scope: Construct): Pick<logs.LogGroupProps, 'encryptionKey' | 'logGroupName'> {
  const stack = Stack.of(scope);
  const logGroupName = `/cognito-user-sync/${Names.uniqueResourceName(scope, { maxLength: 200, separator: '-' })}`;
  encryptionKey.addToResourcePolicy(new iam.PolicyStatement({
    principals: [new iam.ServicePrincipal(`logs.${stack.region}.amazonaws.com`)],
    actions: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:DescribeKey'],
    resources: ['*'],
    conditions: {
      ArnEquals: { 'kms:EncryptionContext:aws:logs:arn': stack.formatArn({ service: 'logs', resource: 'log-group', resourceName: logGroupName, arnFormat: ArnFormat.COLON_RESOURCE_NAME }) },
    },
  }));
  return { encryptionKey, logGroupName };
}

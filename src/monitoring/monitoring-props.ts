import type { aws_kms as kms, aws_logs as logs, aws_sns as sns } from 'aws-cdk-lib';

/**
 * What a sync tells of itself.
 */
export interface MonitoringProps {
  /**
   * Whether alarms watch the path: dead letters, users who wait for over an hour, users nobody keeps (`unrecorded`), and
   * the trigger function's errors, throttles and duration. Each says what it means and what to do.
   *
   * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Alarms.html
   * @default true
   */
  readonly alarms?: boolean;

  /**
   * Topic that is told when an alarm goes off.
   *
   * @default - nobody is told; the alarms can be seen, and `alarms` of the sync takes other actions
   */
  readonly alarmTopic?: sns.ITopic;

  /**
   * Whether a dashboard of CloudWatch shows the path as a picture.
   *
   * @default true
   */
  readonly dashboard?: boolean;

  /**
   * Whether the functions count what they do, in CloudWatch's embedded metric format. `unrecorded` is counted all the
   * same. Without the others the dashboard shows invocations only, and users who wait are found late: SQS does not
   * count the age of messages that were received more than three times.
   *
   * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format.html
   * @default true
   */
  readonly metrics?: boolean;

  /**
   * Whether the functions log every user who was written. What went wrong is always logged.
   *
   * @default true
   */
  readonly successLogs?: boolean;

  /**
   * Log group of the functions.
   *
   * @default - a new one that keeps log lines for one month
   */
  readonly logGroup?: logs.ILogGroup;

  /**
   * KMS key that the functions' log lines are encrypted with. CloudWatch Logs is let use it by the key's policy, for log groups
   * of this account and Region. The policy of a key that does not belong to this app must allow that already: a warning says
   * what.
   *
   * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
   * @default - CloudWatch Logs' own encryption
   */
  readonly logEncryptionKey?: kms.IKey;
}

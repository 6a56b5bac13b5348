import { Duration, aws_cloudwatch as cloudwatch, type aws_lambda as lambda } from 'aws-cdk-lib';

/** What the functions count in their log lines, by CloudWatch's embedded metric format. */
const NAMESPACE = 'CognitoUserSync';

type Counted = 'written' | 'unchanged' | 'queued' | 'unrecorded' | 'gone' | 'returned' | 'deadLettered' | 'oldestSeconds' | 'triggerLost';

export const MINUTE = Duration.minutes(1);
export const FIVE_MINUTES = Duration.minutes(5);

export function countedBy(fn: lambda.IFunction, metricName: Counted, options: cloudwatch.MetricOptions = {}): cloudwatch.Metric {
  return new cloudwatch.Metric({
    namespace: NAMESPACE,
    metricName,
    dimensionsMap: { FunctionName: fn.functionName },
    statistic: cloudwatch.Stats.SUM,
    period: FIVE_MINUTES,
    ...options,
  });
}

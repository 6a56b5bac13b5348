const NAMESPACE = 'CognitoUserSync';

/**
 * Fields of a log line that CloudWatch makes metrics of, without a call to it. Never with a `sub` as a dimension: each
 * would be a metric of its own.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 *
 * @param values metric → value: counts, and seconds where the name says so
 */
export function embeddedMetrics(values: Readonly<Record<string, number>>, functionName: string | undefined): Record<string, unknown> {
  const dimensions = functionName === undefined ? {} : { FunctionName: functionName };
  const metrics = Object.keys(values).map((name) => ({ Name: name, Unit: name.endsWith('Seconds') ? 'Seconds' : 'Count' }));
  return {
    ...dimensions,
    ...values,
    _aws: {
      Timestamp: Date.now(),
      CloudWatchMetrics: [{ Namespace: NAMESPACE, Dimensions: [Object.keys(dimensions)], Metrics: metrics }],
    },
  };
}

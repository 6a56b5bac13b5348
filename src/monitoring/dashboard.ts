import { aws_cloudwatch as cloudwatch, type aws_lambda as lambda } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { countedBy } from './metrics';
import type { Monitored } from './monitored';

/** Columns of a dashboard. */
const WIDTH = 24;

/** A picture of the path, from left to right: sign-ups → queue → consumer → dead letters; below it what sign-up waits for. */
export function dashboard(scope: Construct, monitored: Monitored, alarms: cloudwatch.IAlarm[]): cloudwatch.Dashboard {
  const rows = [
    [new cloudwatch.TextWidget({ markdown: explanation(scope, monitored), width: WIDTH, height: 9 })],
    alarms.length > 0 ? [new cloudwatch.AlarmStatusWidget({ title: 'Alarms', alarms, width: WIDTH, height: 2 })] : [],
    sideBySide(path(monitored)),
    sideBySide(signUp(monitored)),
  ];
  return new cloudwatch.Dashboard(scope, 'Dashboard', { widgets: rows.filter((row) => row.length > 0) });
}

function path({ trigger, queue, consumer, deadLetterQueue, metrics }: Monitored): cloudwatch.GraphWidgetProps[] {
  const { MAXIMUM, SUM } = cloudwatch.Stats;
  const counted = (fn: lambda.IFunction, ...names: Parameters<typeof countedBy>[1][]) => names.map((name) => countedBy(fn, name));
  const age = [queue.metricApproximateAgeOfOldestMessage({ statistic: MAXIMUM, label: 'oldest (s)' })];
  return [
    {
      title: '1 Sign-ups',
      left: metrics ? counted(trigger, 'written', 'unchanged', 'queued', 'unrecorded') : [trigger.metricInvocations({ statistic: SUM }), ...counted(trigger, 'unrecorded')],
    },
    {
      title: '2 Waiting in the queue',
      left: [queue.metricApproximateNumberOfMessagesVisible({ statistic: MAXIMUM, label: 'ready' }), queue.metricApproximateNumberOfMessagesNotVisible({ statistic: MAXIMUM, label: 'waiting for another try' })],
      right: metrics ? [...age, countedBy(consumer, 'oldestSeconds', { statistic: MAXIMUM, label: 'oldest in a batch (s)' })] : age,
    },
    {
      title: '3 Written by the consumer',
      left: metrics ? counted(consumer, 'written', 'unchanged', 'gone', 'returned', 'deadLettered') : [consumer.metricInvocations({ statistic: SUM })],
      right: [consumer.metricErrors({ statistic: SUM, label: 'errors' })],
    },
    {
      title: '4 Dead letters',
      left: [deadLetterQueue.metricApproximateNumberOfMessagesVisible({ statistic: MAXIMUM, label: 'dead letters' })],
    },
  ];
}

function signUp({ trigger, writer }: Monitored): cloudwatch.GraphWidgetProps[] {
  const { SUM } = cloudwatch.Stats;
  return [
    durations('Trigger: milliseconds (Cognito waits for 5,000)', trigger),
    { title: 'Trigger: errors and throttles', left: [trigger.metricErrors({ statistic: SUM, label: 'errors' }), trigger.metricThrottles({ statistic: SUM, label: 'throttles' })] },
    ...(writer ? [
      durations('Writer: milliseconds', writer),
      { title: 'Writer: errors and throttles', left: [writer.metricErrors({ statistic: SUM, label: 'errors' }), writer.metricThrottles({ statistic: SUM, label: 'throttles' })] },
    ] : []),
  ];
}

function durations(title: string, fn: lambda.IFunction): cloudwatch.GraphWidgetProps {
  return { title, left: [['p50', 'p50'], ['p99', 'p99'], ['Maximum', 'max']].map(([statistic, label]) => fn.metricDuration({ statistic, label })) };
}

function sideBySide(graphs: cloudwatch.GraphWidgetProps[]): cloudwatch.IWidget[] {
  return graphs.map((props) => new cloudwatch.GraphWidget({ ...props, width: WIDTH / graphs.length, leftYAxis: { min: 0 }, rightYAxis: { min: 0 } }));
}

function explanation(scope: Construct, { writer, deadLetterQueue }: Monitored): string {
  return [
    `## ${scope.node.path}`,
    '```',
    `sign-up ──► 1 trigger ──────────────────${writer ? ' writer ─' : '─────────'}──► users table`,
    '                │ not written in time           ▲',
    '                └─► 2 queue ──► 3 consumer ─────┘',
    '                                    │ can never be written',
    '                                    └─► 4 dead letters',
    '```',
    'A user who waits (2) is tried again by itself, at most 15 minutes apart, for 3.5 days. **Dead letters** (4) need you: mend the cause, which the command shows, then redrive.',
    '```',
    `npx cognito-user-sync dead-letters list --queue-url ${deadLetterQueue.queueUrl}`,
    `npx cognito-user-sync dead-letters redrive --queue-url ${deadLetterQueue.queueUrl}`,
    '```',
    '**unrecorded** (1): neither the table nor the queue took the user; the line in the log names them.',
  ].join('\n');
}

import { aws_sns as sns } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { iamProps, instanceIn, newStack, planOf, syncIn } from './stacks';
import { embeddedMetrics } from '../../lambda-src/delivery/embedded-metrics';
import { readQueueMessage } from '../../lambda-src/sources/queue-message';
import { UserDatabase, type CognitoUserSyncProps } from '../../src';

function build(props: Partial<CognitoUserSyncProps> = {}) {
  const stack = newStack();
  const sync = syncIn(stack, props);
  return { stack, sync, template: Template.fromStack(stack) };
}

/** By their last name. */
function alarmsOf({ sync, stack, template }: ReturnType<typeof build>): Record<string, any> {
  const { Resources } = template.toJSON();
  return Object.fromEntries(sync.alarms.map(({ node }) => [node.id, Resources[stack.getLogicalId(node.defaultChild as never)].Properties]));
}

describe('the alarms', () => {
  const built = build();
  const { sync, stack } = built;
  const all = alarmsOf(built);
  const guard = () => sync.node.findChild('GuardFunction') as unknown as typeof sync.triggerFunction;
  const named = (construct: { readonly node: { readonly defaultChild?: unknown } }) => ({ Ref: stack.getLogicalId(construct.node.defaultChild as never) });
  const ofQueue = (queue: typeof sync.queue) => ({ Namespace: 'AWS/SQS', Dimensions: [{ Name: 'QueueName', Value: { 'Fn::GetAtt': [named(queue).Ref, 'QueueName'] } }] });
  const ofLambda = (fn: typeof sync.triggerFunction) => ({ Namespace: 'AWS/Lambda', Dimensions: [{ Name: 'FunctionName', Value: named(fn) }] });
  const counted = (fn: typeof sync.triggerFunction) => ({ Namespace: 'CognitoUserSync', Dimensions: [{ Name: 'FunctionName', Value: named(fn) }] });

  test.each([
    ['DeadLetters', () => ({ ...ofQueue(sync.deadLetterQueue), MetricName: 'ApproximateNumberOfMessagesVisible', Statistic: 'Maximum', Threshold: 0 })],
    ['OldestMessage', () => ({ ...ofQueue(sync.queue), MetricName: 'ApproximateAgeOfOldestMessage', Statistic: 'Maximum', Threshold: 3600 })],
    ['OldestReturned', () => ({ ...counted(sync.consumerFunction), MetricName: 'oldestSeconds', Statistic: 'Maximum', Threshold: 3600, EvaluationPeriods: 4, DatapointsToAlarm: 1, Period: 300 })],
    ['Unrecorded', () => ({ ...counted(sync.triggerFunction), MetricName: 'unrecorded', Statistic: 'Sum', Threshold: 0, Period: 60 })],
    ['TriggerErrors', () => ({ ...ofLambda(sync.triggerFunction), MetricName: 'Errors', Statistic: 'Sum', Threshold: 0 })],
    ['TriggerThrottles', () => ({ ...ofLambda(sync.triggerFunction), MetricName: 'Throttles', Statistic: 'Sum', Threshold: 0 })],
    ['TriggerDuration', () => ({ ...ofLambda(sync.triggerFunction), MetricName: 'Duration', Statistic: 'Maximum', Threshold: 4000 })],
    ['TriggerLost', () => ({ ...counted(guard()), MetricName: 'triggerLost', Statistic: 'Maximum', Threshold: 0, Period: 300, TreatMissingData: 'ignore' })],
  ])('%s watches what its name says, and goes off above the threshold', (name, expected) => {
    expect(all[name]).toMatchObject({ ComparisonOperator: 'GreaterThanThreshold', TreatMissingData: 'notBreaching', ...expected() });
  });

  test('there are no others', () => {
    expect(Object.keys(all)).toEqual(['DeadLetters', 'OldestMessage', 'OldestReturned', 'Unrecorded', 'TriggerErrors', 'TriggerThrottles', 'TriggerDuration', 'TriggerLost']);
  });

  test('each says what to do, in what CloudWatch takes', () => {
    for (const { AlarmDescription } of Object.values(all)) {
      const text = JSON.stringify(AlarmDescription);
      expect(text).toContain('What to do: ');
      // The queue's URL comes on top.
      expect(text.length).toBeLessThan(1024 - 150);
    }
  });

  test('that of the dead letters has the command, ready to be copied', () => {
    expect(all.DeadLetters.AlarmDescription['Fn::Join'][1]).toEqual([
      expect.stringMatching(/npx cognito-user-sync dead-letters list --queue-url $/), named(sync.deadLetterQueue), expect.stringMatching(/^ .*redrive/),
    ]);
  });

  test('that of unrecorded users has a message that the consumer can read, and takes for a nudge', () => {
    const [message] = /\{.*\}/.exec(all.Unrecorded.AlarmDescription['Fn::Join'][1].join(''))!;
    const { sub, userPoolId, snapshot } = readQueueMessage(message.replace(/<time.*(2026\S+Z)>/, '$1').replace('<pool>', 'eu-west-1_Example01'));
    expect({ sub, userPoolId, snapshot }).toEqual({ sub: '<sub>', userPoolId: 'eu-west-1_Example01', snapshot: undefined });
  });

  test('the functions count under the same namespace, dimension and unit', () => {
    const { _aws, FunctionName } = embeddedMetrics({ unrecorded: 1, oldestSeconds: 5 }, 'name') as any;
    expect(FunctionName).toBe('name');
    expect(_aws.CloudWatchMetrics).toEqual([{
      Namespace: all.Unrecorded.Namespace,
      Dimensions: [all.Unrecorded.Dimensions.map(({ Name }: { Name: string }) => Name)],
      Metrics: [{ Name: all.Unrecorded.MetricName, Unit: 'Count' }, { Name: all.OldestReturned.MetricName, Unit: 'Seconds' }],
    }]);
  });

  test('tell nobody by themselves', () => {
    for (const alarm of Object.values(all)) expect(alarm).not.toHaveProperty('AlarmActions');
  });
});

test('the alarms tell a topic', () => {
  const stack = newStack();
  const alarmTopic = new sns.Topic(stack, 'Topic');
  syncIn(stack, { alarmTopic });
  const alarms = Object.values(Template.fromStack(stack).findResources('AWS::CloudWatch::Alarm'));
  expect(alarms).toHaveLength(8);
  for (const { Properties } of alarms) expect(Properties.AlarmActions).toEqual([stack.resolve(alarmTopic.topicArn)]);
});

test('the alarms can be turned off', () => {
  const { sync, template } = build({ alarms: false });
  expect(sync.alarms).toEqual([]);
  template.resourceCountIs('AWS::CloudWatch::Alarm', 0);
  template.resourceCountIs('AWS::CloudWatch::Dashboard', 1);
});

test('fails on a topic that no alarm would tell', () => {
  const stack = newStack();
  expect(() => syncIn(stack, { alarms: false, alarmTopic: new sns.Topic(stack, 'Topic') })).toThrow('App/UserSync: got alarmTopic with alarms: false, expected alarms to tell it of: take one of the two out');
});

describe('the dashboard', () => {
  test('shows the path from left to right, and below it what sign-up waits for', () => {
    expect(titlesOf(build())).toEqual([
      [undefined],
      ['Alarms'],
      ['1 Sign-ups', '2 Waiting in the queue', '3 Written by the consumer', '4 Dead letters'],
      ['Trigger: milliseconds (Cognito waits for 5,000)', 'Trigger: errors and throttles'],
    ]);
  });

  test('shows the writer of a relay, too', () => {
    const stack = newStack();
    const sync = syncIn(stack, { relay: true, database: UserDatabase.fromInstance(instanceIn(stack), iamProps) });
    expect(titlesOf({ stack, sync, template: Template.fromStack(stack) }).at(-1)).toEqual(expect.arrayContaining(['Writer: milliseconds', 'Writer: errors and throttles']));
  });

  test('counts every outcome', () => {
    const { widgets } = bodyOf(build());
    const shown = widgets.flatMap(({ properties }) => properties.metrics ?? []).filter(([namespace]: string[]) => namespace === 'CognitoUserSync').map(([, name]: string[]) => name);
    expect(new Set(shown)).toEqual(new Set(['written', 'unchanged', 'queued', 'unrecorded', 'gone', 'returned', 'deadLettered', 'oldestSeconds']));
  });

  test('shows 50 of 100 sign-ups, 99 of 100, and the slowest', () => {
    const { widgets } = bodyOf(build());
    const durations = widgets.find(({ properties }) => properties.title?.startsWith('Trigger: milliseconds'))!.properties.metrics;
    expect(durations.map((metric: any[]) => metric.at(-1))).toEqual([{ label: 'p50', stat: 'p50' }, { label: 'p99', stat: 'p99' }, { label: 'max', stat: 'Maximum' }]);
  });

  test('says what to do with dead letters', () => {
    const text = bodyOf(build()).widgets[0].properties.markdown;
    expect(text).toMatch(/npx cognito-user-sync dead-letters redrive --queue-url <UserSyncDeadLetterQueue[0-9A-F]{8}>/);
  });

  test('fits the width of a dashboard', () => {
    for (const { x, width } of bodyOf(build()).widgets) expect(x + width).toBeLessThanOrEqual(24);
  });

  test('can be turned off', () => {
    build({ dashboard: false }).template.resourceCountIs('AWS::CloudWatch::Dashboard', 0);
  });
});

describe('what the functions count and log', () => {
  test('is everything, unless told otherwise', () => {
    for (const name of ['Trigger', 'Consumer'] as const) {
      expect(planOf(build().stack, name)).not.toHaveProperty('metrics');
      expect(planOf(build().stack, name)).not.toHaveProperty('successLogs');
    }
  });

  test('may leave out success', () => {
    for (const name of ['Trigger', 'Consumer'] as const) expect(planOf(build({ successLogs: false }).stack, name).successLogs).toBe(false);
  });

  test('may leave out metrics; alarm and graph of what is always counted stay', () => {
    const built = build({ metrics: false });
    for (const name of ['Trigger', 'Consumer'] as const) expect(planOf(built.stack, name).metrics).toBe(false);
    expect(Object.keys(alarmsOf(built))).toEqual(['DeadLetters', 'OldestMessage', 'Unrecorded', 'TriggerErrors', 'TriggerThrottles', 'TriggerDuration', 'TriggerLost']);
    const shown = bodyOf(built).widgets.flatMap(({ properties }) => properties.metrics ?? []);
    expect(shown.filter(([namespace]: string[]) => namespace === 'CognitoUserSync').map(([, name]: string[]) => name)).toEqual(['unrecorded']);
  });
});

interface Widget { readonly x: number; readonly y: number; readonly width: number; readonly properties: any }

function bodyOf({ template }: ReturnType<typeof build>): { readonly widgets: readonly Widget[] } {
  const [dashboard] = Object.values(template.findResources('AWS::CloudWatch::Dashboard'));
  const parts = dashboard.Properties.DashboardBody['Fn::Join'][1] as (string | { Ref: string } | { 'Fn::GetAtt': string[] })[];
  return JSON.parse(parts.map((part) => (typeof part === 'string' ? part : `<${Object.values(part).flat().join('.')}>`)).join(''));
}

/** The rows of widgets, from top to bottom. */
function titlesOf(built: ReturnType<typeof build>): (string | undefined)[][] {
  const { widgets } = bodyOf(built);
  const rows = [...new Set(widgets.map(({ y }) => y))].sort((one, other) => one - other);
  return rows.map((row) => widgets.filter(({ y }) => y === row).sort((one, other) => one.x - other.x).map(({ properties }) => properties.title));
}

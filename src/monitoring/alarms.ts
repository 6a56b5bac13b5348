import { Duration, aws_cloudwatch as cloudwatch, aws_cloudwatch_actions as actions, type aws_sns as sns } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { countedBy, FIVE_MINUTES, MINUTE } from './metrics';
import type { Monitored } from './monitored';

/** The trigger's own limit is 4 seconds, and Cognito's 5. */
const MOST_TRIGGER_MILLIS = 4_000;

/** Of the 4 days that a message is kept. */
const MOST_WAITING = Duration.hours(1);

/** A message that tells only who should be looked after. */
const NUDGE = '{"version":1,"userPoolId":"<pool>","sub":"<sub>","observedAt":"<time of the line, as 2026-01-31T12:00:00Z>"}';

interface AlarmProps {
  readonly metric: cloudwatch.IMetric;
  /** @default - more than none */
  readonly above?: number;
  /** In how many periods it is looked for. @default 1 */
  readonly periods?: number;
  /** @default - all is well: nobody signed up, or nothing waits */
  readonly missing?: cloudwatch.TreatMissingData;
  readonly means: string;
  readonly mend: string;
}

/** Each says what it means and what to do, since that is all that somebody who is woken by it gets to read. */
export function alarms(scope: Construct, { trigger, consumer, guard, queue, deadLetterQueue, metrics }: Monitored, topic: sns.ITopic | undefined): cloudwatch.Alarm[] {
  const parent = new Construct(scope, 'Alarms');
  const alarm = (id: string, { metric, above = 0, periods = 1, missing = cloudwatch.TreatMissingData.NOT_BREACHING, means, mend }: AlarmProps) => {
    const made = new cloudwatch.Alarm(parent, id, {
      metric,
      threshold: above,
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: periods,
      datapointsToAlarm: 1,
      treatMissingData: missing,
      alarmDescription: `${means} ${mend}`,
    });
    if (topic) made.addAlarmAction(new actions.SnsAction(topic));
    return made;
  };
  const log = (outcome: string) => `look in the functions' log group for the lines with outcome "${outcome}"`;
  const waiting = {
    means: 'Users have waited for their row for over an hour: the database does not take them, or the consumer does not run. They are tried for 3.5 days, and sign-up goes on.',
    mend: `What to do: ${log('returned')}, whose error says why; mend that, and they are written within 15 minutes.`,
  };

  return [
    alarm('DeadLetters', {
      metric: deadLetterQueue.metricApproximateNumberOfMessagesVisible({ statistic: cloudwatch.Stats.MAXIMUM, period: FIVE_MINUTES }),
      means: 'Users could not be written, whatever was tried, and wait with the dead letters for 14 days.',
      mend: `What to do: npx cognito-user-sync dead-letters list --queue-url ${deadLetterQueue.queueUrl} shows who and why. Mend the cause, then run the same with redrive instead of list.`,
    }),
    alarm('OldestMessage', {
      metric: queue.metricApproximateAgeOfOldestMessage({ statistic: cloudwatch.Stats.MAXIMUM, period: FIVE_MINUTES }),
      above: MOST_WAITING.toSeconds(),
      ...waiting,
    }),
    // SQS counts no message that was received more than three times, unless all were:
    // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
    // An alarm of its own, since metric math says nothing sure of a metric that is not there.
    ...(metrics ? [alarm('OldestReturned', {
      metric: countedBy(consumer, 'oldestSeconds', { statistic: cloudwatch.Stats.MAXIMUM }),
      above: MOST_WAITING.toSeconds(),
      // They come every 15 minutes.
      periods: 4,
      ...waiting,
    })] : []),
    alarm('Unrecorded', {
      metric: countedBy(trigger, 'unrecorded', { period: MINUTE }),
      means: 'Neither the table nor the queue took a user. They signed up, and nobody but the log knows of them.',
      mend: `What to do: ${log('unrecorded')}: each names the sub, why the table failed (error) and why the queue did (waitingError). Mend that, then queue each of them, to be read from Cognito and written: aws sqs send-message --queue-url ${queue.queueUrl} --message-body '${NUDGE}'`,
    }),
    alarm('TriggerErrors', {
      metric: trigger.metricErrors({ statistic: cloudwatch.Stats.SUM, period: MINUTE }),
      means: 'The trigger function failed, so that a sign-up failed with an error: it was killed or ran out of memory, or failSignUp says so.',
      mend: 'What to do: query its log group by: filter type = "platform.report" and record.status != "success". Or look for outcome "unrecorded". The user may be confirmed without a row: queue them as the alarm for unrecorded users says.',
    }),
    alarm('TriggerThrottles', {
      metric: trigger.metricThrottles({ statistic: cloudwatch.Stats.SUM, period: MINUTE }),
      means: 'Lambda did not run the trigger function, so that sign-ups fail: the account\'s concurrency is used up.',
      mend: 'What to do: find the function that uses it and cap that one, or ask AWS for a higher quota (Service Quotas, Lambda, concurrent executions).',
    }),
    alarm('TriggerDuration', {
      metric: trigger.metricDuration({ statistic: cloudwatch.Stats.MAXIMUM, period: MINUTE }),
      above: MOST_TRIGGER_MILLIS,
      means: 'A sign-up waited for more than 4 seconds for the trigger function, which Cognito cuts off at 5.',
      mend: `What to do: ${log('queued')} and "unrecorded", whose error says what was waited for. Delivery.queued() takes the database out of sign-up's way.`,
    }),
    ...(guard ? [alarm('TriggerLost', {
      metric: countedBy(guard, 'triggerLost', { statistic: cloudwatch.Stats.MAXIMUM }),
      // It looks once an hour, and what it saw holds until then.
      missing: cloudwatch.TreatMissingData.IGNORE,
      means: 'The user pool no longer calls the trigger function: users who sign up get no row, and nobody but Cognito knows of them.',
      mend: `What to do: filter triggerLost = 1 in the functions' log group: the line says whether the trigger was removed, or by which function it was replaced. Set it again in the Cognito console (user pool, Extensions, Lambda triggers, post confirmation): ${trigger.functionName}. If it is gone for good, take the sync out, too. Then find who signed up meanwhile (aws cognito-idp list-users, UserCreateDate) and queue each of them as the alarm for unrecorded users says.`,
    })] : []),
  ];
}

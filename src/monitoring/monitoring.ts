import type { aws_cloudwatch as cloudwatch } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { alarms } from './alarms';
import { dashboard } from './dashboard';
import type { Monitored } from './monitored';
import type { MonitoringProps } from './monitoring-props';

/** @throws a plain `Error` for a topic that no alarm would tell */
export function monitoring(scope: Construct, monitored: Monitored, props: MonitoringProps): cloudwatch.Alarm[] {
  if (props.alarmTopic && props.alarms === false) {
    throw new Error('got alarmTopic with alarms: false, expected alarms to tell it of: take one of the two out');
  }
  const made = props.alarms === false ? [] : alarms(scope, monitored, props.alarmTopic);
  if (props.dashboard !== false) dashboard(scope, monitored, made);
  return made;
}

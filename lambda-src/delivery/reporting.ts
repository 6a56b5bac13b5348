import { embeddedMetrics } from './embedded-metrics';
import { type Log, type LogLine, logToStandardOutput, neverFailing } from './log';

export interface ReportingOptions {
  /**
   * Takes each line of the log.
   *
   * @default - JSON lines on standard output
   */
  readonly log?: Log;
  /**
   * Whether lines carry metrics in CloudWatch's embedded format. The metric `unrecorded` is always there.
   *
   * @default true
   */
  readonly metrics?: boolean;
  /**
   * Whether lines tell of success, too.
   *
   * @default true
   */
  readonly successLogs?: boolean;
}

/** Writes a line, and counts in it. */
export type Report = (line: LogLine, counted?: Readonly<Record<string, number>>, functionName?: string) => void;

/** What is written of the log and of the metrics, as it was asked for. */
export function reporting({ log, metrics = true, successLogs = true }: ReportingOptions): Report {
  const write = log ? neverFailing(log) : logToStandardOutput;
  return (line, counted = {}, functionName) => {
    const isTold = successLogs || line.level !== 'INFO';
    const isCounted = (metrics || 'unrecorded' in counted) && Object.keys(counted).length > 0;
    if (!isTold && !isCounted) return;
    const { level, message } = line;
    // Without the user, where only the metric is wanted.
    write({ ...(isTold ? line : { level, message }), ...(isCounted && embeddedMetrics(counted, functionName)) });
  };
}

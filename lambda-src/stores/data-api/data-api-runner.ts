import { dataApiError, tooLarge } from './data-api-error';
import { withNamedParameters } from './named-parameters';
import { awsCall, type AwsService, AwsUnreachableError } from '../../aws/aws-call';
import type { Deadline } from '../../deadline';
import { UserStoreError } from '../../errors';
import { pastConflicts } from '../postgres/conflicts';
import type { StatementRunner } from '../postgres/connection';
import { parameters } from '../postgres/parameters';
import type { Statement, StatementResult, Value } from '../postgres/upsert';

/** What names a database to the service. */
export interface DataApiTarget {
  readonly resourceArn: string;
  readonly secretArn: string;
  readonly database: string;
}

/** https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/data-api.limitations.html */
const MOST_BYTES = 4 * 1024 * 1024;

/**
 * Runs statements by the RDS Data API: one request for each, which is a transaction of its own.
 * https://docs.aws.amazon.com/rdsdataservice/latest/APIReference/API_ExecuteStatement.html
 */
export class DataApiRunner implements StatementRunner {
  constructor(private readonly service: AwsService, private readonly target: DataApiTarget) {}

  /** Safe to run twice, as everywhere: a request whose answer got lost is sent again. */
  async run({ text, values }: Statement, deadline: Deadline): Promise<StatementResult> {
    const body = JSON.stringify({
      ...this.target,
      sql: withNamedParameters(text),
      parameters: parameters(values).map((value, index) => ({ name: `p${index + 1}`, value: field(value) })),
      includeResultMetadata: true,
    });
    if (Buffer.byteLength(body) > MOST_BYTES) throw tooLarge();
    return pastConflicts(async () => this.execute(body, values, deadline), deadline);
  }

  /** There is no connection to wait for. */
  another(): DataApiRunner {
    return this;
  }

  private async execute(body: string, values: Statement['values'], deadline: Deadline): Promise<StatementResult> {
    const answer = await awsCall(this.service, { path: '/Execute', headers: { 'Content-Type': 'application/json' }, body }, deadline).catch(unreachable);
    if (answer.status !== 200) throw dataApiError(answer, values);
    const { numberOfRecordsUpdated, records = [], columnMetadata = [] } = answer.json as ExecuteAnswer;
    return {
      rowCount: numberOfRecordsUpdated ?? 0,
      rows: records.map((record) => Object.fromEntries(record.map((cell, index) => [columnMetadata[index]?.label, textIn(cell)]))),
    };
  }
}

interface ExecuteAnswer {
  readonly numberOfRecordsUpdated?: number;
  readonly records?: ReadonlyArray<readonly Field[]>;
  readonly columnMetadata?: ReadonlyArray<{ readonly label?: string }>;
}

/** One of `stringValue`, `longValue`, …, or `isNull`. */
type Field = Readonly<Record<string, unknown>>;

function field(value: Value): Field {
  return value === null ? { isNull: true } : { stringValue: value };
}

function textIn({ isNull, ...value }: Field): string | null {
  return isNull ? null : String(Object.values(value)[0]);
}

function unreachable({ code }: AwsUnreachableError): never {
  throw new UserStoreError('transient', `the RDS Data API could not be reached (${code})`, { code });
}

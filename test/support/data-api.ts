import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { DatabaseError, Pool } from 'pg';
import { startHttpServer, type HttpAnswer } from './http-server';

/**
 * Answers `ExecuteStatement` of the RDS Data API (https://docs.aws.amazon.com/rdsdataservice/latest/APIReference/API_ExecuteStatement.html)
 * by running it on a real PostgreSQL. Our own: nobody emulates the service with a PostgreSQL behind it. Parameters are
 * varchar there, so that a statement which leaves its types to PostgreSQL fails here, too; whatever looks like a
 * parameter counts as one, also in quotes, since it is not documented that the service knows quotes. It can be slow,
 * resume, refuse, and has the limits of the service.
 *
 * It does not know transactions, batches, typeHint, arrays as parameters, formatRecordsAs and columns of types that the
 * service refuses to answer with; it checks of the signature only that there is one for this service, and logs in by the
 * connection string that it was given, whatever is in the secret.
 */
export interface DataApi {
  /** For `AWS_ENDPOINT_URL_RDS_DATA`. */
  readonly url: string;
  /** Bytes of each request, refused ones included. */
  readonly requests: readonly number[];
  /** Before each statement. */
  delayMs: number;
  /** Each is the answer of one request, and gone. */
  readonly refusals: Refusal[];
  stop(): Promise<void>;
}

/** What the service answers instead. */
export type Refusal = keyof typeof REFUSALS;

export interface DataApiCluster {
  readonly clusterArn: string;
  readonly secretArn: string;
  readonly databaseName: string;
  readonly connectionString: string;
}

const MOST_REQUEST_BYTES = 4 * 1024 * 1024;
const MOST_ANSWER_BYTES = 1024 * 1024;
const SIGNED_FOR_SERVICE = /^AWS4-HMAC-SHA256 Credential=[^,]+\/rds-data\/aws4_request/;

const REFUSALS = {
  DatabaseResumingException: [400, 'The Aurora DB instance is resuming after being auto-paused. Please wait a few seconds and try again.'],
  ThrottlingException: [429, 'Rate exceeded'],
  StatementTimeoutException: [400, 'Request timed out'],
  DatabaseUnavailableException: [504, 'The writer instance in the DB cluster is not available.'],
  InternalServerErrorException: [500, 'An internal error occurred.'],
  AccessDeniedException: [400, 'User is not authorized to perform: rds-data:ExecuteStatement'],
  HttpEndpointNotEnabledException: [400, 'The HTTP endpoint for the DB cluster is not enabled.'],
  DatabaseNotFoundException: [404, 'The DB cluster does not have a DB instance.'],
  InvalidSecretException: [400, 'The Secrets Manager secret used with the request is not valid.'],
  RequestEntityTooLargeException: [413, 'Request Entity too large'],
} as const;

interface ExecuteRequest {
  readonly resourceArn: string;
  readonly secretArn: string;
  readonly database: string;
  readonly sql: string;
  readonly parameters?: ReadonlyArray<{ readonly name: string; readonly value: { readonly stringValue?: string; readonly isNull?: boolean } }>;
  readonly includeResultMetadata?: boolean;
}

export async function startDataApi(cluster: DataApiCluster): Promise<DataApi> {
  const pool = new Pool({ connectionString: cluster.connectionString, max: 5 });
  pool.on('error', () => undefined); // the server may be stopped first
  const requests: number[] = [];

  const server = await startHttpServer(async ({ method, url, headers }, body) => {
    requests.push(Buffer.byteLength(body));
    await sleep(dataApi.delayMs, undefined, { ref: false });
    const refusal = dataApi.refusals.shift();
    if (refusal) return refused(refusal);
    if (Buffer.byteLength(body) > MOST_REQUEST_BYTES) return refused('RequestEntityTooLargeException');
    if (method !== 'POST' || url !== '/Execute') return error(404, 'UnknownOperationException', `got ${method} ${url}, expected POST /Execute`);
    if (!SIGNED_FOR_SERVICE.test(headers.authorization ?? '')) return error(403, 'MissingAuthenticationTokenException', 'expected a signature for rds-data');
    const request = JSON.parse(body) as ExecuteRequest;
    if (request.resourceArn !== cluster.clusterArn) return refused('DatabaseNotFoundException');
    if (request.secretArn !== cluster.secretArn) return refused('InvalidSecretException');
    if (request.database !== cluster.databaseName) return error(400, 'DatabaseErrorException', `FATAL: database "${request.database}" does not exist; SQLState: 3D000`);
    return execute(request);
  });

  async function execute({ sql, parameters = [], includeResultMetadata }: ExecuteRequest): Promise<HttpAnswer> {
    const numbers = new Map(parameters.map(({ name }, index) => [name, index + 1]));
    const unknown = [...sql.matchAll(PARAMETER)].find(([, name]) => !numbers.has(name));
    if (unknown) return error(400, 'BadRequestException', `Cannot find parameter: ${unknown[1]}`);
    const text = sql.replace(PARAMETER, (_, name: string) => `$${numbers.get(name)}::varchar`);
    try {
      const { rows, fields, rowCount, command } = await pool.query({
        text, values: parameters.map(({ value }) => (value.isNull ? null : value.stringValue)), rowMode: 'array', queryMode: 'extended',
      } as never) as unknown as { rows: unknown[][]; fields: { name: string }[]; rowCount: number | null; command: string };
      const answer = JSON.stringify({
        numberOfRecordsUpdated: command === 'SELECT' ? 0 : rowCount ?? 0,
        records: rows.map((row) => row.map(field)),
        ...(includeResultMetadata && { columnMetadata: fields.map(({ name }) => ({ name, label: name })) }),
      });
      if (Buffer.byteLength(answer) > MOST_ANSWER_BYTES) return error(400, 'BadRequestException', 'Database returned more than the allowed response size limit');
      return { status: 200, headers: HEADERS, body: answer };
    } catch (failure) {
      const { message, detail, code } = failure as DatabaseError;
      return error(400, 'DatabaseErrorException', `ERROR: ${message}${detail ? `\n  Detail: ${detail}` : ''}; SQLState: ${code}`);
    }
  }

  const dataApi: DataApi = {
    url: server.url,
    requests,
    delayMs: 0,
    refusals: [],
    async stop() {
      await server.stop();
      await pool.end();
    },
  };
  return dataApi;
}

/** A colon and a name, but for a cast. */
const PARAMETER = /(?<!:):(\w+)/g;

const HEADERS = { 'content-type': 'application/json', 'x-amzn-requestid': randomUUID() };

function field(value: unknown): object {
  if (value === null) return { isNull: true };
  if (typeof value === 'boolean') return { booleanValue: value };
  if (typeof value === 'number') return Number.isInteger(value) ? { longValue: value } : { doubleValue: value };
  return { stringValue: String(value) };
}

function refused(type: Refusal): HttpAnswer {
  return error(REFUSALS[type][0], type, REFUSALS[type][1]);
}

function error(status: number, type: string, message: string): HttpAnswer {
  return { status, headers: { ...HEADERS, 'x-amzn-errortype': `${type}:http://internal.amazon.com/coral/com.amazon.rdsdataservice/` }, body: JSON.stringify({ message }) };
}

import { Problem } from './problem';

/** What was asked of AWS. */
export interface AwsRequest {
  /** Such as `ReceiveMessage`. */
  readonly action: string;
  readonly queueUrl: string;
}

/** What the commands call, for whoever writes the policy. */
const PERMISSIONS = 'on the dead-letter queue sqs:GetQueueAttributes, ReceiveMessage, ChangeMessageVisibility, DeleteMessage and ListDeadLetterSourceQueues, on the destination sqs:SendMessage';

const REMEDIES: readonly { readonly names: RegExp; readonly words: (got: Got, request: AwsRequest) => string }[] = [
  {
    names: /^(CredentialsProviderError|TokenProviderError)$/,
    words: ({ message }) => `got no AWS credentials (${message}): set AWS_PROFILE, run aws sso login, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY`,
  },
  {
    names: /^(ExpiredToken|ExpiredTokenException|RequestExpired)$/,
    words: () => 'the AWS credentials have expired: log in again, for example with aws sso login',
  },
  {
    names: /^(InvalidClientTokenId|UnrecognizedClientException|InvalidAccessKeyId|SignatureDoesNotMatch|InvalidSignatureException|IncompleteSignature|InvalidSecurity)$/,
    words: ({ name }, { queueUrl }) => `AWS does not accept the credentials (${name}) for ${queueUrl}: check AWS_PROFILE, the Region, and this machine's clock`,
  },
  {
    names: /^K(MS|ms)\.?AccessDenied/,
    words: ({ message }) => `the key of the queue refused (${message}): the commands need kms:Decrypt, and for the destination kms:GenerateDataKey`,
  },
  {
    names: /AccessDenied/,
    words: ({ message }, { action, queueUrl }) => `not allowed to call sqs:${action} on ${queueUrl} (${message}): the commands need ${PERMISSIONS}`,
  },
  {
    names: /QueueDoesNotExist|NonExistentQueue/,
    words: (_got, { queueUrl }) => `there is no queue ${queueUrl}: check the Region, the account and the name; the URL is in the SQS console, or aws sqs list-queues`,
  },
  {
    names: /InvalidAddress/,
    words: (_got, { queueUrl }) => `${queueUrl} is no queue of this Region: expected the URL as the SQS console shows it`,
  },
  {
    names: /Throttl|TooManyRequests|RequestLimitExceeded/,
    words: (_got, { action }) => `SQS throttled ${action} several times in a row: run the command again in a minute`,
  },
  {
    names: /^(TimeoutError|ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH)$/,
    words: ({ name }, { queueUrl }) => `SQS could not be reached for ${queueUrl} (${name}): check the URL's Region, the network, and AWS_ENDPOINT_URL if it is set`,
  },
];

type Got = { readonly name: string; readonly message: string; readonly status?: number };

/** What somebody at a terminal can do about an error of the AWS SDK's. */
export function awsProblem(error: unknown, request: AwsRequest): Problem {
  const { name, code, message = '', $metadata } = Object(error);
  // A connection that fails has a name that says nothing, and the system's code.
  const got: Got = { name: typeof code === 'string' && /^E[A-Z_]+$/.test(code) ? code : String(name), message, status: $metadata?.httpStatusCode };
  if (/^Region is missing/.test(got.message)) return new Problem(`no Region in ${request.queueUrl}: set AWS_REGION`);
  const remedy = REMEDIES.find(({ names }) => names.test(got.name));
  // Any other message may quote what was sent.
  return new Problem(remedy ? remedy.words(got, request) : `got ${got.name}${got.status ? ` (${got.status})` : ''} from SQS for ${request.action} on ${request.queueUrl}`);
}

import { SQSClient, type SQSClientConfig } from '@aws-sdk/client-sqs';
import { awsProblem } from './aws-problem';

// The SDK's advice to leave Node.js 20 is not for those who look at dead letters.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

const SILENT = { trace: () => {}, debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

/** https://docs.aws.amazon.com/general/latest/gr/sqs-service.html, and the older hosts that queue URLs may have. */
const REGION_IN_HOST = /(?:^|\.)sqs(?:-fips)?\.([a-z0-9-]+)\.|^([a-z0-9-]+)\.queue\.amazonaws\.com/;

/** One queue, called with the credentials that the AWS CLI would use, too. */
export class QueueClient {
  private readonly client: SQSClient;

  constructor(readonly url: string) {
    this.client = new SQSClient({
      // The queue is where its URL says, wherever the profile is at home.
      region: regionOf(url),
      maxAttempts: 6,
      // Without it the SDK leaves AWS_ENDPOINT_URL aside and calls the host of the queue's URL.
      useQueueUrlAsEndpoint: !(process.env.AWS_ENDPOINT_URL_SQS ?? process.env.AWS_ENDPOINT_URL),
      requestHandler: { connectionTimeout: 5_000, requestTimeout: 30_000, throwOnRequestTimeout: true },
      logger: SILENT,
    });
  }

  /** @throws Problem */
  async call<Output>(action: string, send: (client: SQSClient) => Promise<Output>): Promise<Output> {
    try {
      return await send(this.client);
    } catch (error) {
      throw awsProblem(error, { action, queueUrl: this.url });
    }
  }
}

function regionOf(queueUrl: string): SQSClientConfig['region'] {
  const [, region, older] = REGION_IN_HOST.exec(new URL(queueUrl).hostname) ?? [];
  return region ?? older;
}

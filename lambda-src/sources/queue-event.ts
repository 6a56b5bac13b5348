/**
 * What Lambda passes on from SQS, as far as it matters here.
 * https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
 */
export interface QueueEvent {
  readonly Records: readonly QueueRecord[];
}

export interface QueueRecord {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  /** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html */
  readonly attributes: {
    readonly ApproximateReceiveCount?: string;
    /** Milliseconds since 1970. */
    readonly SentTimestamp?: string;
    /** `<unique id of the role>:<session>` of who sent it. */
    readonly SenderId?: string;
  };
}

/** https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html#services-sqs-batchfailurereporting */
export interface QueueAnswer {
  readonly batchItemFailures: ReadonlyArray<{ readonly itemIdentifier: string }>;
}

import type { AwsCredentials } from './credentials';

/**
 * What the environment of a Lambda function tells of AWS, by the names that AWS's own SDKs read:
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime
 */
export const awsEnvironment = {
  get region(): string | undefined {
    return process.env.AWS_REGION;
  },
  /** Whether the first event waits while the environment initialises. */
  get initialisesOnDemand(): boolean {
    return process.env.AWS_LAMBDA_INITIALIZATION_TYPE === 'on-demand';
  },
  /** The execution role's. */
  credentials: (): AwsCredentials => ({
    accessKeyId: process.env.AWS_ACCESS_KEY_ID!,
    secretAccessKey: process.env.AWS_SECRET_ACCESS_KEY!,
    sessionToken: process.env.AWS_SESSION_TOKEN,
  }),
  /** Instead of AWS's public endpoint: https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html */
  endpointUrl: (service: 'CLOUDFORMATION' | 'COGNITO_IDENTITY_PROVIDER' | 'DYNAMODB' | 'LAMBDA' | 'RDS_DATA' | 'SECRETS_MANAGER' | 'SQS' | 'SSM'): string | undefined =>
    process.env[`AWS_ENDPOINT_URL_${service}`] ?? process.env.AWS_ENDPOINT_URL,
};

/** Whom a store calls AWS as, and where. */
export type AwsEnvironment = Pick<typeof awsEnvironment, 'region' | 'credentials' | 'endpointUrl'>;

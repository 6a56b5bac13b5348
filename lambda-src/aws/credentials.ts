/** What requests to AWS are signed with. In Lambda the execution role's, which the environment holds from the start. */
export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

import { aws_iam as iam, type aws_secretsmanager as secretsmanager } from 'aws-cdk-lib';

/**
 * Lets a function read the secret, by the policy of its own role alone.
 *
 * `ISecret.grantRead` would name the role in the policy of the secret's KMS key. The key's stack then depends on the
 * sync's, which depends on the secret's: a cycle, wherever the two are apart.
 */
export function grantSecretRead(secret: secretsmanager.ISecret, grantee: iam.IGrantable): void {
  iam.Grant.addToPrincipal({
    grantee,
    actions: ['secretsmanager:GetSecretValue'],
    // A secret that was imported by name lacks the six characters that Secrets Manager adds:
    // https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_iam-policies.html
    resourceArns: [secret.secretFullArn ?? `${secret.secretArn}-??????`],
  });
  if (!secret.encryptionKey) return;
  iam.Grant.addToPrincipal({
    grantee,
    actions: ['kms:Decrypt'],
    resourceArns: [secret.encryptionKey.keyArn],
    conditions: { StringEquals: { 'kms:ViaService': `secretsmanager.${secret.env.region}.amazonaws.com` } },
  });
}

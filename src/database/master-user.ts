import { Annotations, Token, type aws_rds as rds, type aws_secretsmanager as secretsmanager, type IResource } from 'aws-cdk-lib';
import type { Construct, IConstruct } from 'constructs';
import { templateResource } from './rendered-properties';
import type { IamLogin, SecretLogin } from '../private/plan';

/** An instance or cluster as far as its master user is concerned. */
export interface MasteredDatabase {
  readonly resource: IResource;
  /** Of the master user, where the CDK knows it. */
  readonly secret?: secretsmanager.ISecret;
}

const CREATED = "have a user created that may write the mapped columns alone, by login: DatabaseLogin.created({ administrator, userName: 'user_sync' }), or pass the secret of such a user";

/** The way out where a login by password is all that fits. */
export const OTHER_SECRET = 'pass the secret of a user who may write the mapped columns alone';

/**
 * The master user may do anything with every table, and loses the login by password as soon as IAM lets it in (`rds_iam`).
 *
 * @throws a plain `Error` where IAM is to let the master in; warns where its secret is the login
 */
export function checkMasterUser(scope: Construct, login: SecretLogin | IamLogin, { resource, secret }: MasteredDatabase, wayOut = CREATED): void {
  if ('secretArn' in login) {
    if (secretsOf(secret).some(({ secretArn }) => secretArn === login.secretArn)) warnOfMasterSecret(scope, resource, wayOut);
  } else if (login.iamUser === masterUserName(resource, secret)) {
    throw new Error(`got IAM user name ${JSON.stringify(login.iamUser)}, which is the master user of ${resource.node.path} and would lose its login by password, expected a user for the sync alone: name another, or have one created by DatabaseLogin.created({ administrator, userName: 'user_sync' })`);
  }
}

function warnOfMasterSecret(scope: Construct, { node }: IResource, wayOut: string): void {
  Annotations.of(scope).addWarningV2(
    'cognito-user-sync:masterLogin',
    `the functions log in as the master user of ${node.path}, who may do anything with every table: ${wayOut}, or acknowledge this warning`,
  );
}

/** Undefined where it is known at deployment only. */
function masterUserName(database: IResource, secret: secretsmanager.ISecret | undefined): string | undefined {
  const name = templateResource<rds.CfnDBInstance | rds.CfnDBCluster>(database)?.masterUsername;
  return name === undefined || Token.isUnresolved(name) ? generatedUserName(database, secret) : name;
}

/** What a database tells is the attachment of a secret, which stands inside of it. */
function secretsOf(secret: secretsmanager.ISecret | undefined): secretsmanager.ISecret[] {
  return secret ? [secret, secret.node.scope as unknown as secretsmanager.ISecret] : [];
}

/** The CDK has the name read from a secret that it generates, and the secret's own template says it. */
function generatedUserName(database: IResource, known: secretsmanager.ISecret | undefined): string | undefined {
  const generated = [database.node.tryFindChild('Secret'), ...secretsOf(known)].map(generationOf).find((each) => each?.secretStringTemplate !== undefined);
  if (!generated?.secretStringTemplate) return undefined;
  const { username } = JSON.parse(generated.secretStringTemplate) as { username?: string };
  return username === undefined || Token.isUnresolved(username) ? undefined : username;
}

function generationOf(secret: IConstruct | undefined): secretsmanager.CfnSecret.GenerateSecretStringProperty | undefined {
  const definition = secret?.node.defaultChild as Partial<secretsmanager.CfnSecret> | undefined;
  return definition?.generateSecretString as secretsmanager.CfnSecret.GenerateSecretStringProperty | undefined;
}

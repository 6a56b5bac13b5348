import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  CognitoIdentityProviderClient, ConfirmSignUpCommand, CreateUserPoolClientCommand, CreateUserPoolCommand, SignUpCommand, type AttributeType,
} from '@aws-sdk/client-cognito-identity-provider';
import { onFreePort } from './free-port';
import { startKeeper } from './keeper';

/** cognito-local with one user pool and one app client, and the AWS SDK's own client for it. */
export interface Cognito {
  readonly client: CognitoIdentityProviderClient;
  readonly userPoolId: string;
  readonly clientId: string;
  signUp(user: NewUser): Promise<{ readonly sub: string }>;
  /** What the user does with the code in the e-mail. Post Confirmation has run when it returns. */
  confirmSignUp(email: string, clientMetadata?: Record<string, string>): Promise<void>;
  stop(): Promise<void>;
}

export interface NewUser {
  readonly email: string;
  /** Further user attributes, by Cognito's names. */
  readonly attributes?: Readonly<Record<string, string>>;
  readonly clientMetadata?: Record<string, string>;
}

export interface CognitoOptions {
  /** Of lambda-endpoint.ts. */
  readonly lambdaUrl: string;
  /** Trigger → function name. cognito-local has one set for all its pools. */
  readonly triggers: { readonly [trigger in 'PostConfirmation' | 'PostAuthentication' | 'PreSignUp']?: string };
}

const REGION = 'eu-west-1';
const CREDENTIALS = { accessKeyId: 'local', secretAccessKey: 'local' };
const CONFIRMATION_CODE = '123456';
const PASSWORD = 'Correct-Horse-7';

export async function startCognito(options: CognitoOptions): Promise<Cognito> {
  const keeper = await startKeeper();
  try {
    // cognito-local reads its configuration from, and keeps its data in, the folder that it runs in.
    await mkdir(join(keeper.folder, '.cognito'));
    await writeFile(join(keeper.folder, '.cognito', 'config.json'), JSON.stringify({
      LambdaClient: { endpoint: options.lambdaUrl, region: REGION, credentials: CREDENTIALS },
      TriggerFunctions: options.triggers,
    }));
    const endpoint = await onFreePort(async (port) => {
      const server = keeper.start(process.execPath, [require.resolve('cognito-local/lib/bin/start.js')], {
        logFile: join(keeper.folder, 'cognito-local.log'), cwd: keeper.folder, env: { ...process.env, HOST: '127.0.0.1', PORT: String(port), CODE: CONFIRMATION_CODE },
      });
      const url = `http://127.0.0.1:${port}`;
      await server.untilReady(() => fetch(`${url}/health`).then(({ ok }) => ok, () => false));
      return url;
    });
    return await userPool(endpoint, () => keeper.stop());
  } catch (error) {
    await keeper.stop();
    throw error;
  }
}

// The SDK's advice to leave Node.js 20 is not for those who read a demo or a test report.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

async function userPool(endpoint: string, stop: () => Promise<void>): Promise<Cognito> {
  const client = new CognitoIdentityProviderClient({ endpoint, region: REGION, credentials: CREDENTIALS });
  const { UserPool } = await client.send(new CreateUserPoolCommand({ PoolName: 'users', UsernameAttributes: ['email'], AutoVerifiedAttributes: ['email'] }));
  const userPoolId = UserPool!.Id!;
  const { UserPoolClient } = await client.send(new CreateUserPoolClientCommand({ UserPoolId: userPoolId, ClientName: 'app' }));
  const clientId = UserPoolClient!.ClientId!;

  return {
    client,
    userPoolId,
    clientId,
    async signUp({ email, attributes = {}, clientMetadata }) {
      const { UserSub } = await client.send(new SignUpCommand({
        ClientId: clientId, Username: email, Password: PASSWORD, UserAttributes: attributeList({ email, ...attributes }), ClientMetadata: clientMetadata,
      }));
      return { sub: UserSub! };
    },
    async confirmSignUp(email, clientMetadata) {
      await client.send(new ConfirmSignUpCommand({ ClientId: clientId, Username: email, ConfirmationCode: CONFIRMATION_CODE, ClientMetadata: clientMetadata }));
    },
    async stop() {
      client.destroy();
      await stop();
    },
  };
}

function attributeList(attributes: Readonly<Record<string, string>>): AttributeType[] {
  return Object.entries(attributes).map(([Name, Value]) => ({ Name, Value }));
}

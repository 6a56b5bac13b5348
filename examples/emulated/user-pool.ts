import type { EmulatedStack } from './emulated-stack';
import { nameIn } from './iam';
import type { Attributes } from './resources';
import { startCognito, type Cognito } from '../../test/support/cognito';

/** cognito-local, which calls the functions that the template gives the pool. Of its other settings there is only sign-up by e-mail. */
export async function userPool(stack: EmulatedStack, _id: string, { LambdaConfig = {} }: Readonly<Record<string, any>>): Promise<Attributes> {
  const triggers = Object.entries(await stack.resolve(LambdaConfig) as Record<string, string>).map(([name, arn]) => [name, nameIn(arn)]);
  const cognito = await startCognito({ lambdaUrl: await stack.gateTo('LAMBDA'), triggers: Object.fromEntries(triggers) });
  stack.cleanup.add(() => cognito.stop());
  stack.services.addresses.set('COGNITO_IDENTITY_PROVIDER', await urlOf(cognito));
  return { Ref: cognito.userPoolId, Arn: `arn:aws:cognito-idp:eu-west-1:111122223333:userpool/${cognito.userPoolId}`, emulator: cognito };
}

export async function userPoolClient(stack: EmulatedStack): Promise<Attributes> {
  return { Ref: (await stack.users()).clientId };
}

async function urlOf({ client }: Cognito): Promise<string> {
  const { protocol, hostname, port } = await client.config.endpoint!();
  return `${protocol}//${hostname}:${port}`;
}

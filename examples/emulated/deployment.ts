import type { EmulatedStack } from './emulated-stack';
import { nameIn } from './iam';
import { onlyIdOf } from './template';

/** A line of the deployment's log. */
export interface LoggedFinding {
  readonly code: string;
  readonly message: string;
  /** What mends it. */
  readonly sql?: string;
}

/** What the deployment does about the table: creates the login, and looks. @returns what it warns of */
export async function checkTable(stack: EmulatedStack): Promise<LoggedFinding[]> {
  const { template } = stack.synthesised;
  const { ServiceToken, ...properties } = template.Resources[onlyIdOf(template, 'Custom::CognitoUserSyncCheck')].Properties;
  const { cloudFormation } = stack.services;
  const deployment = await stack.function(nameIn(await stack.resolve(ServiceToken)));
  const { Status, Reason, invocation } = await cloudFormation.send(deployment, { RequestType: 'Create', ResourceProperties: await stack.resolve(properties) });
  if (Status !== 'SUCCESS') throw new Error(`the deployment failed, expected it to succeed: ${Reason}`);
  return invocation.log.map((line) => JSON.parse(line)).filter(({ level }) => level !== 'INFO');
}

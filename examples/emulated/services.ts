import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ServiceName } from './gate';
import { temporaryFolder } from './temporary-folder';
import type { Cleanup } from '../../demo/cleanup';
import { certificates } from '../../test/support/certificates';
import { startCloudFormation, type CloudFormation } from '../../test/support/cloudformation';
import { startDynamoDb, type Dynalite } from '../../test/support/dynamo-db';
import { startSecretsManager, type SecretsManager } from '../../test/support/secrets-manager';
import { startSqs, type Sqs } from '../../test/support/sqs';

/** What every stack finds in the account. */
export interface EmulatedServices {
  readonly sqs: Sqs;
  readonly secretsManager: SecretsManager;
  readonly dynamoDb: Dynalite;
  readonly cloudFormation: CloudFormation;
  /** Where each of them is. Those that a template makes, such as a user pool, come later. */
  readonly addresses: Map<ServiceName, string>;
  /** PEM file: whoever speaks TLS here has a certificate of this authority. */
  readonly authorityFile: string;
}

export async function startServices(cleanup: Cleanup): Promise<EmulatedServices> {
  const addresses = new Map<ServiceName, string>();
  const started = async <Service extends { readonly url: string; stop(): Promise<void> }>(name: ServiceName, starting: Promise<Service>): Promise<Service> => {
    const service = await starting;
    cleanup.add(() => service.stop());
    addresses.set(name, service.url);
    return service;
  };
  const authorityFile = join(await temporaryFolder(), 'authority.pem');
  await writeFile(authorityFile, (await certificates()).ca);
  const [sqs, secretsManager, dynamoDb, cloudFormation] = await Promise.all([
    started('SQS', startSqs()),
    started('SECRETS_MANAGER', startSecretsManager()),
    started('DYNAMODB', startDynamoDb()),
    started('CLOUDFORMATION', startCloudFormation()),
  ]);
  return { sqs, secretsManager, dynamoDb, cloudFormation, addresses, authorityFile };
}

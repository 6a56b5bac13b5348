import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { AssetHashType, DockerImage, aws_lambda as lambda } from 'aws-cdk-lib';
import { type DatabasePlan, OWN_CERTIFICATES } from '../private/plan';

export type FunctionName = 'Trigger' | 'Consumer' | 'Writer' | 'CredentialClaim' | 'CredentialAuthorizer' | 'Inspector' | 'Deployment' | 'Attachment' | 'Guard';

/** Built with the package: users of the construct need no bundler. */
const ASSETS = join(__dirname, '..', '..', 'assets');

/** Where a kind has functions of its own: with every store in one bundle, each cold start would load them all. */
const OWN_FUNCTIONS: { readonly [kind in DatabasePlan['kind']]?: readonly FunctionName[] } = {
  dataApi: ['Trigger', 'Consumer'],
  dynamoDb: ['Trigger', 'Consumer', 'CredentialClaim', 'CredentialAuthorizer'],
  userService: ['Trigger', 'Consumer', 'Writer'],
  relay: ['Trigger', 'Consumer'],
};

/**
 * @param kind of the database; left out for a function that writes to none
 * @param certificates PEM to lay beside the function: the 4,096 bytes of its environment are too few
 */
export function prebuiltCode(name: FunctionName, kind?: DatabasePlan['kind'], certificates?: string): lambda.Code {
  const folder = join(ASSETS, inKebabCase(kind && OWN_FUNCTIONS[kind]?.includes(name) ? `${name}-${kind}` : name));
  if (!existsSync(join(folder, 'index.js'))) {
    throw new Error(`got no prebuilt function in ${folder}, which the package brings along: install cognito-user-sync again, or run npm run bundle in its own repository`);
  }
  return certificates === undefined ? lambda.Code.fromAsset(folder) : withCertificates(folder, certificates);
}

/** The CDK's own way to make an asset out of another: it never comes to the image. */
function withCertificates(folder: string, certificates: string): lambda.Code {
  return lambda.Code.fromAsset(folder, {
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      image: DockerImage.fromRegistry('scratch'),
      // Nothing runs it. The CDK makes an asset once for all that look the same to it, which a closure does.
      command: [createHash('sha256').update(certificates).digest('hex')],
      local: {
        tryBundle(copy) {
          cpSync(folder, copy, { recursive: true });
          const file = join(copy, OWN_CERTIFICATES);
          mkdirSync(dirname(file), { recursive: true });
          writeFileSync(file, certificates);
          return true;
        },
      },
    },
  });
}

function inKebabCase(name: string): string {
  return name.replace(/(?<=[a-z])[A-Z]/g, '-$&').toLowerCase();
}

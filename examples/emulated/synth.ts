import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SynthesisedStack } from './template';
import { keeper } from './temporary-folder';

const ROOT = join(__dirname, '..', '..');

/** What an app needs came with the package. */
const NO_NETWORK = join(ROOT, 'test', 'package', 'no-network.js');

const TSX = join(ROOT, 'node_modules', 'tsx', 'dist', 'cli.mjs');

interface Manifest {
  readonly artifacts: Readonly<Record<string, { readonly type: string; readonly properties: { readonly templateFile: string }; readonly additionalMetadataFile?: string }>>;
}

type Metadata = Readonly<Record<string, ReadonlyArray<{ readonly type: string; readonly data?: unknown }>>>;

interface AssetManifest {
  readonly files: Readonly<Record<string, { readonly source: { readonly path: string } }>>;
}

/** Runs `app.ts` as the CDK's command line does, by the variables that it sets. The app has one stack. */
export async function synth(app: string, folder: string): Promise<SynthesisedStack> {
  const logFile = `${folder}.log`;
  const ended = await (await keeper()).start(process.execPath, [TSX, '--tsconfig', join(ROOT, 'examples', 'tsconfig.json'), app], {
    logFile, env: { ...process.env, CDK_OUTDIR: folder, CDK_CONTEXT_JSON: '{}', NODE_OPTIONS: `--require ${JSON.stringify(NO_NETWORK)}` },
  }).ended;
  if (ended !== 0) throw new Error(`${app} ended with ${ended}, expected it to synthesise: ${await readFile(logFile, 'utf8')}`);

  const read = async (name: string) => JSON.parse(await readFile(join(folder, name), 'utf8'));
  const { artifacts } = await read('manifest.json') as Manifest;
  const [[stack, { properties, additionalMetadataFile }]] = Object.entries(artifacts).filter(([, { type }]) => type === 'aws:cloudformation:stack');
  const metadata: Metadata = additionalMetadataFile ? await read(additionalMetadataFile) : {};
  const { files } = await read(`${stack}.assets.json`) as AssetManifest;
  return {
    template: await read(properties.templateFile),
    warnings: Object.values(metadata).flat().filter(({ type }) => type === 'aws:cdk:warning').map(({ data }) => String(data)),
    codeOf: ({ Code }) => join(folder, files[Code.S3Key.replace(/\.zip$/, '')].source.path),
  };
}

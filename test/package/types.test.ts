import { cpSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { usePackedPackage } from './packed-package';

const packed = usePackedPackage('aws-cdk-lib', 'constructs');

/** The CDK is linked into the project, and has its types, Node.js's included, where it is installed. */
const CDK_TYPES = realpathSync(join(__dirname, '../../node_modules'));

const CONSTRUCT = `
  import { ColumnValue, UserDatabase, type CognitoUserSyncProps } from 'cognito-user-sync';
  export const columns: CognitoUserSyncProps['columns'] = { cognito_user_id: ColumnValue.sub() };
  // @ts-expect-error The types are known: this is no database.
  export const database: UserDatabase = 'public.users';
`;

const FACTORY = `
  import { compose, createPostConfirmationHandler } from 'cognito-user-sync/handler';
  const syncUser = createPostConfirmationHandler({
    database: { connectionString: 'postgresql://localhost/app', table: 'public.users' },
    columns: { cognito_user_id: 'sub', email: (user) => user.attributes.email.toLowerCase() },
  });
  export const handler = compose(syncUser, async (event) => event);
  const columns = { id: 'sub' };
  createPostConfirmationHandler({ database: { dynamoDbTable: 'users', region: 'eu-west-1' }, columns });
  createPostConfirmationHandler({ database: { userService: 'https://users.example.com', login: { token: 'x', header: 'x-api-key' } }, columns });
  createPostConfirmationHandler({ database: { userService: 'https://users.example.com', login: { secretArn: 'arn:…' } }, columns });
  // @ts-expect-error The types are known: users are not patched.
  createPostConfirmationHandler({ database: { userService: 'https://users.example.com', method: 'PATCH' }, columns });
  // @ts-expect-error The types are known: there is no such option.
  createPostConfirmationHandler({ tables: [] });
`;

const RESOLUTIONS: Readonly<Record<string, ts.CompilerOptions>> = {
  // Of TypeScript 6 it needs this leave; earlier ones take it as it is.
  node10: { module: ts.ModuleKind.CommonJS, moduleResolution: ts.ModuleResolutionKind.Node10, ignoreDeprecations: '6.0' },
  node16: { module: ts.ModuleKind.Node16, moduleResolution: ts.ModuleResolutionKind.Node16 },
  bundler: { module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler },
};

describe.each(Object.keys(RESOLUTIONS))('under moduleResolution %s', (resolution) => {
  test('the construct has its types', () => {
    expect(problems({ code: CONSTRUCT, resolution, others: CDK_TYPES })).toEqual([]);
  });

  test('the factory has its types, without those of pg, aws-lambda and Node.js', () => {
    expect(problems({ code: FACTORY, resolution })).toEqual([]);
  });
});

test('the factory\'s handler is one of @types/aws-lambda', () => {
  cpSync(join(__dirname, '../../node_modules/@types/aws-lambda'), join(packed.project, 'node_modules/@types/aws-lambda'), { recursive: true });
  expect(problems({
    code: `
      import type { PostConfirmationTriggerEvent, PostConfirmationTriggerHandler } from 'aws-lambda';
      import { compose, createPostConfirmationHandler } from 'cognito-user-sync/handler';
      const syncUser = createPostConfirmationHandler({ database: { connectionString: '', table: 'users' }, columns: { id: 'sub' } });
      export const handler: PostConfirmationTriggerHandler = syncUser;
      export const both: PostConfirmationTriggerHandler = compose(syncUser, async (event: PostConfirmationTriggerEvent) => event);
    `,
    resolution: 'node16',
  })).toEqual([]);
});

/**
 * What the compiler says about the code, and about our own declarations; the CDK's are its own affair, and take it a
 * minute. Types from a folder above the project are a problem, too: users have none there.
 */
function problems({ code, resolution, others = packed.project }: { code: string; resolution: string; others?: string }): string[] {
  const consumer = join(packed.project, `${resolution}.ts`);
  writeFileSync(consumer, code);
  const program = ts.createProgram([consumer], {
    ...RESOLUTIONS[resolution], target: ts.ScriptTarget.ES2022, lib: ['lib.es2022.d.ts'], strict: true, noEmit: true, skipLibCheck: false, types: [],
  });
  const read = program.getSourceFiles().filter((file) => !program.isSourceFileDefaultLibrary(file));
  const ours = read.filter(({ fileName }) => fileName === consumer || fileName.includes('/cognito-user-sync/'));
  return [
    ...read.filter(({ fileName }) => ![packed.project, others].some((folder) => fileName.startsWith(folder))).map(({ fileName }) => `got types from ${fileName}`),
    ...[...program.getOptionsDiagnostics(), ...ours.flatMap((file) => [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)])]
      .map(({ file, messageText }) => `${file?.fileName ?? 'options'}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`),
  ];
}

import { type App, aws_cognito as cognito, type Stack } from 'aws-cdk-lib';
import type { DatabaseKind } from './databases';
import { IRELAND, newApp, newStack, syncIn, userPoolIn } from './stacks';
import { TriggerAttachment, type CognitoUserSyncProps } from '../../src';

/** In which stack each part stands, and which parts are not the app's own. */
export interface Layout {
  readonly pool: string;
  readonly sync: string;
  readonly database: string;
  readonly imported?: readonly ('pool' | 'database')[];
}

export const layouts: Record<string, Layout> = {
  'everything in one stack': { pool: 'One', sync: 'One', database: 'One' },
  "the sync in the pool's stack": { pool: 'Auth', sync: 'Auth', database: 'Data' },
  "the sync in the database's stack": { pool: 'Auth', sync: 'Data', database: 'Data' },
  'an imported database': { pool: 'Sync', sync: 'Sync', database: 'Sync', imported: ['database'] },
  'an imported pool and database': { pool: 'Sync', sync: 'Sync', database: 'Sync', imported: ['pool', 'database'] },
};

/** How the trigger comes to the pool. */
export const attachments: Record<string, Partial<CognitoUserSyncProps>> = {
  'the CDK attaching the trigger': {},
  'a custom resource attaching the trigger': { attach: TriggerAttachment.customResource() },
};

export interface Combination {
  readonly layout: Layout;
  readonly attachment: Partial<CognitoUserSyncProps>;
}

/** The CDK sets triggers of pools alone that the app owns. */
export const combinations: Record<string, Combination> = Object.fromEntries(Object.entries(layouts).flatMap(([where, layout]) => Object.entries(attachments)
  .filter(([, attachment]) => !layout.imported?.includes('pool') || Object.keys(attachment).length > 0)
  .map(([how, attachment]) => [`${where}, ${how}`, { layout, attachment }])));

export interface Built {
  readonly app: App;
  readonly stacks: readonly Stack[];
}

export function build({ layout, attachment }: Combination, database: DatabaseKind): Built {
  const { pool, sync, database: data, imported = [] } = layout;
  const app = newApp();
  const stacks = new Map([...new Set([pool, sync, data])].map((name) => [name, newStack(name, IRELAND, app)]));
  const stack = (name: string) => stacks.get(name)!;
  const userPool = imported.includes('pool') ? cognito.UserPool.fromUserPoolId(stack(pool), 'UserPool', 'eu-west-1_AbCdEfGhI') : userPoolIn(stack(pool));
  syncIn(stack(sync), { userPool, database: imported.includes('database') ? database.imported(stack(data)) : database.defined(stack(data)), ...attachment });
  return { app, stacks: [...stacks.values()] };
}

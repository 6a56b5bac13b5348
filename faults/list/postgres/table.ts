import type { Fault } from '../../fault';
import type { Site } from '../../site';
import type { PostgresStore } from '../../stores/postgres';

/** Of what somebody does to the table. */
export const tableFaults: readonly Fault<PostgresStore>[] = [
  {
    ...changed('unique violation on a second key', '23505', 'create unique index fault on public.users ((display_name is null))', 'drop index fault'),
    goesToDeadLetters: true,
  },
  {
    ...changed('NOT NULL violation', '23502', "alter table public.users add country text not null default ''; alter table public.users alter country drop default",
      'alter table public.users drop country'),
    goesToDeadLetters: true,
  },
  changed('table missing', '42P01', 'alter table public.users rename to people', 'alter table public.people rename to users'),
  changed('column missing', '42703', 'alter table public.users rename handle to nickname', 'alter table public.users rename nickname to handle'),
  {
    name: 'privilege missing',
    code: '42501',
    arrange: ({ store }) => store.sql(`revoke insert (email) on public.users from ${store.role}`),
    lift: ({ store }) => store.sql(`grant insert (email) on public.users to ${store.role}`),
  },
];

function changed(name: string, code: string, change: string, undo: string): Fault<PostgresStore> {
  return { name, code, arrange: ({ store }: Site<PostgresStore>) => store.sql(change), lift: ({ store }: Site<PostgresStore>) => store.sql(undo) };
}

import type { Facts } from './facts';
import { quoteIdentifier } from '../../../src/private/identifiers';
import { error, type Finding } from '../finding';
import { COLUMN_PRIVILEGES, grantOnColumns, grantUsage, mayTakeDefault, neededPrivileges } from '../grants';
import { named, qualified } from '../sql-text';

const CODE = 'privilegeMissing';

export function privilegeFindings(facts: Facts): Finding[] {
  return [...onSchemas(facts), ...onColumns(facts), ...onSequences(facts), ...onFunctions(facts)];
}

/** The table's, and those of the types that statements for many users name. */
function onSchemas({ table, pairs, login }: Facts): Finding[] {
  const schemas = new Set([
    ...(table.maySchema ? [] : [table.schema]),
    ...pairs.filter(({ column }) => !column.mayUseTypeSchema).map(({ column }) => column.typeSchema),
  ]);
  return [...schemas].map((schema) => error(CODE, `the login ${JSON.stringify(login.name)} lacks USAGE of the schema ${JSON.stringify(schema)}: grant it`,
    grantUsage(`schema ${quoteIdentifier(schema)}`, login.name)));
}

function onColumns({ target, pairs, login, quoted }: Facts): Finding[] {
  const needed = neededPrivileges(target);
  const names = (privilege: 'insert' | 'update' | 'select', may: 'mayInsert' | 'mayUpdate' | 'maySelect') => (
    pairs.filter(({ mapped: { name }, column }) => needed[privilege].includes(name) && !column[may]).map(({ mapped: { name } }) => name)
  );
  const lacking = { insert: names('insert', 'mayInsert'), update: names('update', 'mayUpdate'), select: names('select', 'maySelect') };
  const words = COLUMN_PRIVILEGES.filter((privilege) => lacking[privilege].length > 0).map((privilege) => `${privilege.toUpperCase()} of ${named(lacking[privilege])}`);
  if (words.length === 0) return [];
  return [error(CODE, `the login ${JSON.stringify(login.name)} lacks ${words.join(', ')}: grant it`, grantOnColumns(lacking, quoted, login.name))];
}

function onSequences({ target, table, login }: Facts): Finding[] {
  return table.columns.filter(({ name }) => mayTakeDefault(name, target.columns)).flatMap(({ name, sequences }) => (
    sequences.filter(({ isUsable }) => !isUsable).map((sequence) => error(CODE,
      `the login ${JSON.stringify(login.name)} lacks USAGE of the sequence ${JSON.stringify(sequence.name)}, from which the column ${JSON.stringify(name)} takes its default: grant it`,
      grantUsage(`sequence ${qualified({ schema: sequence.schema, table: sequence.name })}`, login.name)))
  ));
}

function onFunctions({ target, table, login }: Facts): Finding[] {
  return table.columns.filter(({ name }) => mayTakeDefault(name, target.columns)).flatMap(({ name, forbiddenFunctions }) => (
    forbiddenFunctions.map((called) => error(CODE,
      `the login ${JSON.stringify(login.name)} lacks EXECUTE of the function ${called}, from which the column ${JSON.stringify(name)} takes its value: grant it`,
      `grant execute on function ${called} to ${quoteIdentifier(login.name)};`))
  ));
}

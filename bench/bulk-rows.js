'use strict';
/** The tables of the bulk figures, and rows for them: the same ones at every run. */
const text = (name) => ({ name, kind: 'text', write: 'always', isVersion: false });

const SHAPES = {
  /** The documents' table. */
  four: {
    definition: 'cognito_user_id text primary key, email text, display_name text, handle text',
    columns: ['cognito_user_id', 'email', 'display_name', 'handle'].map(text),
    row: (user, id) => [id, `user.${user}@example.com`, user % 10 ? `Ada Lovelace the ${user}th` : null, `ada-${user}`],
  },
  ten: {
    definition: 'id uuid primary key, email text, email_verified boolean, name varchar(100), logins integer, balance numeric(10,2), birthdate date, updated_at timestamptz, attributes jsonb, handle text',
    columns: [
      ...['id', 'email', 'email_verified', 'name', 'logins', 'balance', 'birthdate', 'updated_at'].map(text),
      { ...text('attributes'), kind: 'json' },
      text('handle'),
    ],
    row: (user, id) => [
      id, `user.${user}@example.com`, String(user % 2 === 0), user % 10 ? `Ada Lovelace the ${user}th` : null, String(user), `${user}.25`,
      `19${10 + (user % 90)}-12-${10 + (user % 20)}`, new Date(1_700_000_000_000 + user * 1000).toISOString(), `{"email": "user.${user}@example.com", "locale": "en"}`, `ada-${user}`,
    ],
  },
};

function rowsOf(shape) {
  const { definition, columns, row } = SHAPES[shape];
  return {
    definition,
    columns,
    /** One by one, with ids in no order, as `sub`s are. */
    * generate(count) {
      for (let user = 0; user < count; user++) yield row(user, idOf(user));
    },
  };
}

/** A UUID for each number: Weyl sequences of odd constants repeat after 2^32 only. */
function idOf(user) {
  const part = (constant) => (Math.imul(user + 1, constant) >>> 0).toString(16).padStart(8, '0');
  const [a, b, c, d] = [0x9e3779b1, 0x85ebca6b, 0xc2b2ae35, 0x27d4eb2f].map(part);
  return `${a}-${b.slice(0, 4)}-4${b.slice(5)}-a${c.slice(1, 4)}-${c.slice(4)}${d}`;
}

module.exports = { rowsOf };

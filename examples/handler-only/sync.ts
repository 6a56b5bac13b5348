const { AWS_ACCESS_KEY_ID = '', AWS_SECRET_ACCESS_KEY = '', AWS_SESSION_TOKEN, AWS_REGION, DATABASE_HOST = '', DATABASE_PORT, QUEUE_URL } = process.env;

/** What both functions share: the table, and which value goes to which of its columns. */
export const sync = {
  database: {
    host: DATABASE_HOST,
    port: Number(DATABASE_PORT),
    databaseName: 'app',
    table: 'public.users',
    login: {
      iamUser: 'user_sync', // no password: the function's role is let in
      region: AWS_REGION,
      credentials: () => ({ accessKeyId: AWS_ACCESS_KEY_ID, secretAccessKey: AWS_SECRET_ACCESS_KEY, sessionToken: AWS_SESSION_TOKEN }),
    },
  },
  columns: {
    cognito_user_id: 'sub',
    email: 'email',
    display_name: { from: 'name', write: 'whileNull' },
    handle: 'preferred_username',
  },
  queue: { url: QUEUE_URL },
} as const;

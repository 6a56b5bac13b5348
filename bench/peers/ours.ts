import { createPostConfirmationHandler } from 'cognito-user-sync/handler';

/** The factory as somebody without CDK uses it, and as the package has it. */
export const handler = createPostConfirmationHandler({
  database: { connectionString: process.env.DATABASE_URL, table: 'public.users' },
  columns: { cognito_user_id: 'sub', email: 'email', display_name: 'name', handle: 'preferred_username' },
});

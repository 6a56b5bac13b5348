const { setTimeout: sleep } = require('node:timers/promises');
const { compose, createPostConfirmationHandler } = require('../../../assets/handler');

const syncUser = createPostConfirmationHandler({
  database: { connectionString: process.env.DATABASE_URL, table: 'public.users' },
  columns: { cognito_user_id: 'sub' },
});

/** Somebody else's handler, with the mistake that ends a Node.js process. */
async function greet() {
  void Promise.reject(new Error('nobody waits for this'));
  await sleep(1_000);
}

exports.handler = compose(syncUser, greet);

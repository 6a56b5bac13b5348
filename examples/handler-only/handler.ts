import { sync } from './sync';
import { createPostConfirmationHandler } from 'cognito-user-sync/handler';

/** Called by Cognito when somebody has confirmed their sign-up. */
export const handler = createPostConfirmationHandler(sync);

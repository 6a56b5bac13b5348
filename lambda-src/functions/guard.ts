import { awsEnvironment } from '../aws/environment';
import { Deadline } from '../deadline';
import { embeddedMetrics } from '../delivery/embedded-metrics';
import { logToStandardOutput } from '../delivery/log';
import type { InvocationContext } from '../delivery/sign-up-deadline';
import { userPoolNamed } from '../user-pool/user-pool';

/** As the construct writes it into the schedule. */
interface Watched {
  readonly userPoolId: string;
  readonly functionArn: string;
}

/** Kept to tell why the pool could not be read. */
const ANSWER_MILLIS = 1_000;

/**
 * Looks whether the pool still calls the trigger function, and changes nothing: whoever took the trigger away may have had
 * a reason. Throws where it cannot look.
 */
export async function handler({ userPoolId, functionArn }: Watched, context: InvocationContext): Promise<void> {
  const deadline = Deadline.after(context.getRemainingTimeInMillis!() - ANSWER_MILLIS);
  const cognito = { credentials: awsEnvironment.credentials, endpointUrl: awsEnvironment.endpointUrl('COGNITO_IDENTITY_PROVIDER') };
  const { LambdaConfig } = await userPoolNamed(userPoolId, cognito, deadline).describe();
  const isThere = LambdaConfig?.PostConfirmation === functionArn;
  logToStandardOutput({
    level: isThere ? 'INFO' : 'ERROR',
    message: isThere ? 'the user pool calls the trigger function' : lost(LambdaConfig?.PostConfirmation),
    userPoolId,
    requestId: context.awsRequestId,
    ...embeddedMetrics({ triggerLost: isThere ? 0 : 1 }, context.functionName),
  });
}

function lost(other: string | undefined): string {
  return other === undefined
    ? 'the user pool calls no function after confirmation, so that users who sign up get no row: somebody removed the trigger'
    : `the user pool calls another function after confirmation (${other}), so that users who sign up get no row: somebody replaced the trigger`;
}

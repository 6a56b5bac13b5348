import { awsEnvironment } from '../aws/environment';
import { customResource } from '../cloudformation/custom-resource';
import { unlessRollingBack } from '../cloudformation/rollback';
import { isAttachedOtherwise } from '../user-pool/function-policy';
import { attachTrigger, detachTrigger } from '../user-pool/trigger';
import { userPoolNamed } from '../user-pool/user-pool';

/** As the construct writes them into the template. */
interface AttachmentProperties {
  readonly UserPoolId: string;
  readonly FunctionArn: string;
}

const PATIENCE_MILLIS = 30_000;

/** Stands for the trigger of a user pool in a template: one resource for each pool, so that another pool replaces it. */
export const handler = customResource(async (request) => {
  const { requestType, physicalResourceId, deadline } = request;
  const { UserPoolId, FunctionArn } = request.properties as unknown as AttachmentProperties;
  const old = request.oldProperties as AttachmentProperties | undefined;
  const cognito = { credentials: awsEnvironment.credentials, endpointUrl: awsEnvironment.endpointUrl('COGNITO_IDENTITY_PROVIDER') };
  const pool = userPoolNamed(UserPoolId, cognito, deadline, PATIENCE_MILLIS);
  await unlessRollingBack(request, async () => {
    if (requestType !== 'Delete') await attachTrigger(pool, FunctionArn, old?.UserPoolId === UserPoolId ? old.FunctionArn : undefined, deadline);
    else if (!await isAttachedOtherwise(FunctionArn, UserPoolId, deadline)) await detachTrigger(pool, FunctionArn, deadline);
  });
  return { physicalResourceId: requestType === 'Delete' ? physicalResourceId! : UserPoolId };
});

import type { aws_cognito as cognito, aws_iam as iam, CfnResource } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { AttachedTrigger } from './attached-trigger';
import { attachByCustomResource } from './attachment-resource';
import { attachPostConfirmationTrigger } from './post-confirmation-trigger';

/**
 * What the custom resource needs to know of a pool that it does not see.
 */
export interface CustomResourceAttachmentProps {
  /**
   * The role by which the pool sends SMS. Whoever changes a pool must be allowed to pass its role on, even unchanged.
   *
   * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
   * @default - the role that a `UserPool` of this app has; none for an imported pool
   */
  readonly smsRole?: iam.IRole;
}

/**
 * How the user pool is told to call the trigger function.
 */
export class TriggerAttachment {
  /**
   * By the pool's own `addTrigger`: the trigger stands in the pool's template. For a `UserPool` of this app. The pool's
   * stack then depends on the sync's.
   */
  public static userPool(): TriggerAttachment {
    return new TriggerAttachment((_, userPool) => userPool, (sync, attached) => attachPostConfirmationTrigger(sync, attached));
  }

  /**
   * By a function that changes the pool when the sync is deployed: for imported pools, and for a `UserPool` whose stack
   * must not depend on the sync's, which depends on the pool's instead.
   *
   * The function reads the whole configuration of the pool, changes nothing but its post-confirmation trigger, and makes
   * sure of it. A trigger of somebody else's fails the deployment, and is never taken away. It needs to be allowed to
   * change the pool: `cognito-idp:UpdateUserPool`.
   *
   * Whatever else deploys the pool may take the trigger away again, which the trigger guard then tells. For a `UserPool`
   * of this app it is attached again whenever its definition changed and the sync's stack is deployed; another value of a
   * CloudFormation parameter in it is no other definition.
   *
   * @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UpdateUserPool.html
   */
  public static customResource(props: CustomResourceAttachmentProps = {}): TriggerAttachment {
    return new TriggerAttachment((sync) => sync, (sync, attached) => attachByCustomResource(sync, { ...attached, ...props }));
  }

  private constructor(
    private readonly scope: (sync: Construct, userPool: cognito.IUserPool) => Construct,
    private readonly attach: (sync: Construct, attached: AttachedTrigger) => CfnResource | undefined,
  ) {}

  /**
   * Where everything stands that names the pool, so that references run one way.
   *
   * @internal
   */
  public _scope(sync: Construct, userPool: cognito.IUserPool): Construct {
    return this.scope(sync, userPool);
  }

  /**
   * @internal
   * @returns what stands for the attachment in the template; undefined for the pool itself
   */
  public _attach(sync: Construct, attached: AttachedTrigger): CfnResource | undefined {
    return this.attach(sync, attached);
  }
}

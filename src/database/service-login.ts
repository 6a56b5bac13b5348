import { Arn, ArnFormat, Token, type aws_iam as iam, type aws_secretsmanager as secretsmanager } from 'aws-cdk-lib';
import { grantSecretRead } from './secret-grant';
import { allow } from '../functions/allow';
import type { ServiceIamLogin, ServiceMethod, ServiceSecretLogin } from '../private/plan';
import { loginHeader } from '../private/service-headers';

/**
 * Where a token for a user service is.
 */
export interface ServiceBearerOptions {
  /**
   * JSON field of the secret that holds it.
   *
   * @default - the whole secret is the key or token
   */
  readonly field?: string;
}

/**
 * Where an API key for a user service is, and where it goes.
 */
export interface ServiceApiKeyOptions extends ServiceBearerOptions {
  /**
   * Header that it is sent in.
   *
   * @default 'x-api-key'
   */
  readonly header?: string;
}

/**
 * How the functions tell a user service who they are.
 */
export abstract class ServiceLogin {
  /**
   * Nothing is told: the service lets everybody in who reaches it, as one inside a VPC may.
   */
  public static none(): ServiceLogin {
    return new NoServiceLogin();
  }

  /**
   * An API key in a header. It is kept in memory, and read again when the service rejects it with 401 or 403, so that it
   * may be rotated.
   *
   * An API key of API Gateway alone is no login, but counts for usage plans only.
   *
   * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-usage-plans.html
   * @param secret holds the key
   */
  public static apiKey(secret: secretsmanager.ISecret, options: ServiceApiKeyOptions = {}): ServiceLogin {
    return new SecretServiceLogin('apiKey', secret, { header: 'x-api-key', ...options });
  }

  /**
   * A token in the header `Authorization: Bearer`, otherwise as an API key.
   *
   * @see https://www.rfc-editor.org/rfc/rfc6750
   * @param secret holds the token
   */
  public static bearer(secret: secretsmanager.ISecret, options: ServiceBearerOptions = {}): ServiceLogin {
    return new SecretServiceLogin('bearer', secret, options);
  }

  /**
   * The function's own IAM role, whose signature API Gateway verifies: no secret is needed. The method's authorization
   * must be `AWS_IAM`. The role is allowed to invoke exactly what the ARN names.
   *
   * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/permissions.html
   * @param executeApiArn is `arn:aws:execute-api:<region>:<account>:<api>/<stage>/<method>/<path>`, such as
   * `api.arnForExecuteApi('PUT', '/users/*', 'prod')`. For PUT it ends with `/*`, since the user's key comes last; for
   * POST it is the path itself.
   */
  public static iam(executeApiArn: string): ServiceLogin {
    return new IamServiceLogin(executeApiArn);
  }

  /**
   * What of Secrets Manager must be within reach.
   *
   * @internal
   */
  public readonly _readsSecret: boolean = false;

  /** @internal */
  public abstract _plan(method: ServiceMethod): ServiceSecretLogin | ServiceIamLogin | undefined;

  /** @internal */
  public abstract _grant(grantee: iam.IGrantable): void;
}

class NoServiceLogin extends ServiceLogin {
  public _plan(): undefined {
    return undefined;
  }

  public _grant(): void {
    // Whoever reaches the service may write.
  }
}

class SecretServiceLogin extends ServiceLogin {
  public readonly _readsSecret = true;

  constructor(private readonly name: string, private readonly secret: secretsmanager.ISecret, private readonly options: ServiceApiKeyOptions) {
    super();
  }

  public _plan(): ServiceSecretLogin {
    const { field, header } = this.options;
    if (!this.secret) throw new Error(`got ServiceLogin.${this.name}() without a secret, expected the one that the key or token is in: pass it`);
    if (header !== undefined && !Token.isUnresolved(header)) loginHeader(header);
    return { secretArn: this.secret.secretArn, ...(field !== undefined && { secretField: field }), ...(header !== undefined && { header }) };
  }

  public _grant(grantee: iam.IGrantable): void {
    grantSecretRead(this.secret, grantee);
  }
}

class IamServiceLogin extends ServiceLogin {
  constructor(private readonly executeApiArn: string) {
    super();
  }

  public _plan(method: ServiceMethod): ServiceIamLogin {
    checkExecuteApiArn(this.executeApiArn, method);
    return { signingRegion: Arn.split(this.executeApiArn, ArnFormat.SLASH_RESOURCE_NAME).region! };
  }

  public _grant(grantee: iam.IGrantable): void {
    allow(grantee, ['execute-api:Invoke'], this.executeApiArn);
  }
}

/** What of it is known at synth: a token has no slashes and colons. */
const EXECUTE_API_ARN = /^arn:[^:]+:execute-api:[^:*]+:[^:*]+:[^/:*]+\/[^/:*]+\/([^/:*]+)\/(.+)$/;

function checkExecuteApiArn(arn: string, method: ServiceMethod): void {
  if (Token.isUnresolved(arn) && !arn.startsWith('arn:')) return;
  const [, ofMethod, path] = EXECUTE_API_ARN.exec(arn) ?? [];
  const example = method === 'PUT' ? '/users/*' : '/users';
  const expected = `api.arnForExecuteApi('${method}', '${example}', 'prod')`;
  if (ofMethod === undefined) {
    throw new Error(`got ${JSON.stringify(arn)} for ServiceLogin.iam(), expected the ARN of one API, stage, method and path: pass it as ${expected} gives it`);
  }
  if (!Token.isUnresolved(ofMethod) && ofMethod !== method) {
    throw new Error(`got an ARN for method ${ofMethod} in ServiceLogin.iam(), expected one for ${method}, which the functions send: pass it as ${expected} gives it`);
  }
  if (!Token.isUnresolved(path) && path.endsWith('/*') !== (method === 'PUT')) {
    throw new Error(method === 'PUT'
      ? `got an ARN for path ${path} in ServiceLogin.iam(), expected one that ends with /*, since the user's key comes last: pass it as ${expected} gives it`
      : `got an ARN for path ${path} in ServiceLogin.iam(), expected the one path that a POST goes to: pass it as ${expected} gives it`);
  }
}

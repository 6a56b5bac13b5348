import { Duration, Token, aws_apigateway as apigateway, aws_apigatewayv2_authorizers as authorizers, aws_ec2 as ec2, type aws_apigatewayv2 as apigatewayv2, type aws_lambda as lambda, type aws_logs as logs } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { ApiCredentialsProps } from './api-credentials-props';
import { credentialFunctions } from './credential-functions';
import { credentialColumns } from './credential-key';
import { warnOfPausing } from '../database/pausing';
import { functionLogs } from '../monitoring/function-logs';
import { CREDENTIAL_COLUMN } from '../private/credentials-plan';
import { checkOrigins } from '../private/origins';

const MOST_CACHING = Duration.hours(1);

/**
 * Lets each synced user have a random API credential, and API Gateway authorize by it: HTTP Basic, with the user's `sub` as
 * user name and 256 bits of randomness as password.
 *
 * Users get theirs by `claimFunction`, behind a Cognito or JWT authorizer: POST makes one and shows it once, in the place of
 * the one before; DELETE takes it away. Only its hash is kept, in the user's own row. `restAuthorizer()` and
 * `httpAuthorizer()` let in whoever shows a credential, as long as Cognito has the user enabled.
 *
 * Stands in the stack of the user pool, or in one that may depend on it.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-use-lambda-authorizer.html
 * @exampleMetadata fixture=api
 * @example
 * const database = UserDatabase.dynamoDb(table);
 * new CognitoUserSync(this, 'UserSync', {
 *   userPool,
 *   database,
 *   columns: { sub: ColumnValue.sub(), email: ColumnValue.attribute('email') },
 * });
 * const credentials = new ApiCredentials(this, 'ApiCredentials', { userPool, database, key: { sub: ColumnValue.sub() } });
 *
 * const api = new apigatewayv2.HttpApi(this, 'Api');
 * api.addRoutes({
 *   path: '/credential',
 *   methods: [apigatewayv2.HttpMethod.POST, apigatewayv2.HttpMethod.DELETE],
 *   integration: new HttpLambdaIntegration('Claim', credentials.claimFunction),
 *   authorizer: new HttpUserPoolAuthorizer('SignedIn', userPool, { userPoolClients: [client] }),
 * });
 * api.addRoutes({
 *   path: '/{proxy+}',
 *   integration: new HttpUrlIntegration('Source', 'https://source.example.com/{proxy}', {
 *     parameterMapping: new apigatewayv2.ParameterMapping().overwriteHeader('x-user', apigatewayv2.MappingValue.custom('$context.authorizer.sub')),
 *   }),
 *   authorizer: credentials.httpAuthorizer(),
 * });
 */
export class ApiCredentials extends Construct implements ec2.IConnectable {
  /** Answers POST and DELETE of a route that has a Cognito authorizer (REST) or a JWT authorizer (HTTP): it trusts nobody else. */
  public readonly claimFunction: lambda.IFunction;

  /** Answers API Gateway: authorizers of type TOKEN and REQUEST, and of payload formats 1.0 and 2.0 (simple responses). */
  public readonly authorizerFunction: lambda.IFunction;

  /** Where both functions log. */
  public readonly logGroup: logs.ILogGroup;

  private readonly requestAuthorizers = new Map<string, apigateway.IAuthorizer>();
  private readonly tokenAuthorizers = new Map<string, apigateway.IAuthorizer>();
  private readonly httpAuthorizers = new Map<string, apigatewayv2.IHttpRouteAuthorizer>();
  private readonly cacheTtl: Duration;
  private readonly securityGroups: ec2.ISecurityGroup[];

  constructor(scope: Construct, id: string, props: ApiCredentialsProps) {
    super(scope, id);
    try {
      const { userPool, userPoolClients, allowOrigins, column = CREDENTIAL_COLUMN, cacheTtl = Duration.minutes(5), memorySize = 512, metrics = true, successLogs = true } = props;
      const database = props.database._bind(this);
      const { plan, placement } = database;
      if (plan.kind === 'userService' || plan.kind === 'relay') {
        throw new Error('got a user service as database, from which nothing can be read: expected a table that the credentials can be kept in, in DynamoDB or anything that runs SQL');
      }
      if (database.creation) {
        throw new Error(`got DatabaseLogin.created(), which a sync creates for its own columns, expected a login that is there, and may read and change ${column}: create it by the SQL of docs/api-credentials.md, and pass login: DatabaseLogin.iam('api_credentials') in a UserDatabase of its own`);
      }
      if (userPoolClients?.length === 0) throw new Error('got no userPoolClients, so that nobody could claim, expected at least one: leave userPoolClients out for any client of the pool');
      // What only the deployment knows is looked at by the function.
      if (allowOrigins && !Token.isUnresolved(allowOrigins)) checkOrigins(allowOrigins.map((origin) => (Token.isUnresolved(origin) ? '*' : origin)));
      this.cacheTtl = checked(cacheTtl);
      this.logGroup = functionLogs(this, props);
      const { claim, authorizer } = credentialFunctions(this, {
        plan: {
          userPoolId: userPool.userPoolId,
          database: plan,
          ...credentialColumns(column, props.key, database),
          ...(userPoolClients && { clientIds: userPoolClients.map(({ userPoolClientId }) => userPoolClientId) }),
          ...(allowOrigins && { allowOrigins }),
          ...(!metrics && { metrics }),
          ...(!successLogs && { successLogs }),
        },
        userPool,
        database,
        logGroup: this.logGroup,
        memorySize,
        authorizerConcurrency: props.authorizerConcurrency,
      });
      warnOfPausing(this, database);
      this.claimFunction = claim;
      this.authorizerFunction = authorizer;
      this.securityGroups = placement?.securityGroups ?? [];
    } catch (error) {
      throw new Error(`${this.node.path}: ${(error as Error).message}`, { cause: error });
    }
  }

  /**
   * An authorizer for one REST API, of type REQUEST. Whoever is refused gets 401.
   *
   * @param id where there are several REST APIs: an authorizer belongs to one. Asked again, the same is returned
   */
  public restAuthorizer(id: string = 'RestAuthorizer'): apigateway.IAuthorizer {
    return once(this.requestAuthorizers, id, () => new apigateway.RequestAuthorizer(this, id, {
      handler: this.authorizerFunction,
      identitySources: [apigateway.IdentitySource.header('Authorization')],
      resultsCacheTtl: this.cacheTtl,
    }));
  }

  /**
   * The same, of type TOKEN: API Gateway hands the function the `Authorization` header alone.
   *
   * @param id where there are several REST APIs: an authorizer belongs to one. Asked again, the same is returned
   */
  public restTokenAuthorizer(id: string = 'RestTokenAuthorizer'): apigateway.IAuthorizer {
    return once(this.tokenAuthorizers, id, () => new apigateway.TokenAuthorizer(this, id, { handler: this.authorizerFunction, resultsCacheTtl: this.cacheTtl }));
  }

  /**
   * An authorizer for one HTTP API, of payload format 2.0 with simple responses. Whoever is refused gets 403, and 401 without an
   * `Authorization` header.
   *
   * @param id where there are several HTTP APIs: an authorizer belongs to one. Asked again, the same is returned
   */
  public httpAuthorizer(id: string = 'ApiCredentialAuthorizer'): apigatewayv2.IHttpRouteAuthorizer {
    return once(this.httpAuthorizers, id, () => new authorizers.HttpLambdaAuthorizer(id, this.authorizerFunction, {
      responseTypes: [authorizers.HttpLambdaResponseType.SIMPLE],
      identitySource: ['$request.header.Authorization'],
      resultsCacheTtl: this.cacheTtl,
    }));
  }

  /**
   * The security groups of both functions, to let them in to a database that the construct does not know.
   *
   * @throws where no function runs in a VPC
   */
  public get connections(): ec2.Connections {
    if (this.securityGroups.length === 0) {
      throw new Error(`${this.node.path}: got no VPC, so that the functions have no security groups: pass vpc to the UserDatabase where its kind takes one, or let the functions in by address`);
    }
    return new ec2.Connections({ securityGroups: this.securityGroups });
  }
}

function once<T>(made: Map<string, T>, id: string, make: () => T): T {
  const authorizer = made.get(id) ?? make();
  made.set(id, authorizer);
  return authorizer;
}

function checked(cacheTtl: Duration): Duration {
  if (!cacheTtl.isUnresolved() && cacheTtl.toMilliseconds() > MOST_CACHING.toMilliseconds()) {
    throw new Error(`got cacheTtl ${cacheTtl.toHumanString()}, expected at most 1 hour, which is what API Gateway takes: so long would a revoked credential be let in`);
  }
  return cacheTtl;
}

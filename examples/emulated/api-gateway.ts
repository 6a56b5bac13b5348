import { InitiateAuthCommand } from '@aws-sdk/client-cognito-identity-provider';
import type { EmulatedStack } from './emulated-stack';
import { nameIn } from './iam';
import type { Attributes } from './resources';
import { idsOf, onlyIdOf, type Resource } from './template';
import { startApiGateway, type ApiGateway } from '../../test/support/api-gateway';

/** What an HTTP API needs to be told from outside. */
export interface EmulatedApi extends Pick<ApiGateway, 'passSeconds'> {
  /** Signs somebody in at the user pool. @returns their token, which the API's JWT authorizer takes from then on */
  signIn(email: string, password: string): Promise<string>;
}

/** With a Lambda authorizer before an HTTP proxy integration, and `/credential` before a function. */
export async function httpApi(stack: EmulatedStack): Promise<Attributes> {
  const { template } = stack.synthesised;
  const propertiesOf = (type: string, isWanted: (properties: Resource['Properties']) => boolean) => (
    idsOf(template, type).map((id) => template.Resources[id].Properties).find(isWanted)!
  );
  const { AuthorizerPayloadFormatVersion, AuthorizerResultTtlInSeconds, AuthorizerUri, EnableSimpleResponses } = propertiesOf('AWS::ApiGatewayV2::Authorizer', ({ AuthorizerType }) => AuthorizerType === 'REQUEST');
  const source = propertiesOf('AWS::ApiGatewayV2::Integration', ({ IntegrationType }) => IntegrationType === 'HTTP_PROXY');
  const claim = propertiesOf('AWS::ApiGatewayV2::Integration', ({ IntegrationType }) => IntegrationType === 'AWS_PROXY');
  const invoke = async (arn: string, event: object) => (await stack.function(nameIn(arn))).invoke(event);
  const authorizerArn = /functions\/(.+)\/invocations$/.exec(await stack.resolve(AuthorizerUri))![1];
  const claimArn = await stack.resolve(claim.IntegrationUri);
  const tokens = new Map<string, Readonly<Record<string, string>>>();

  const gateway = await startApiGateway({
    kind: EnableSimpleResponses ? 'HTTP, 2.0, simple' : AuthorizerPayloadFormatVersion === '2.0' ? 'HTTP, 2.0' : 'HTTP, 1.0',
    authorizer: (event) => invoke(authorizerArn, event),
    cacheSeconds: AuthorizerResultTtlInSeconds,
    source: (await stack.resolve(source.IntegrationUri)).replace('/{proxy}', ''),
    claim: (event) => invoke(claimArn, event),
    tokens,
  });
  stack.cleanup.add(() => gateway.stop());
  const emulator: EmulatedApi = {
    async signIn(email, password) {
      const { client, clientId, userPoolId } = await stack.users();
      const { AuthenticationResult } = await client.send(new InitiateAuthCommand({
        ClientId: clientId, AuthFlow: 'USER_PASSWORD_AUTH', AuthParameters: { USERNAME: email, PASSWORD: password },
      }));
      const token = AuthenticationResult!.IdToken!;
      const claims = JSON.parse(Buffer.from(token.split('.')[1], 'base64url').toString());
      // cognito-local names itself as the issuer.
      tokens.set(token, { ...claims, iss: `https://cognito-idp.${userPoolId.split('_')[0]}.amazonaws.com/${userPoolId}` });
      return token;
    },
    passSeconds: gateway.passSeconds,
  };
  return { ApiEndpoint: gateway.url, emulator };
}

/** The only one that the template has. */
export async function apiOf(stack: EmulatedStack): Promise<EmulatedApi> {
  return (await stack.attributesOf(onlyIdOf(stack.synthesised.template, 'AWS::ApiGatewayV2::Api'))).emulator as EmulatedApi;
}

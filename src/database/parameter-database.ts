import { Token, aws_iam as iam, type aws_kms as kms, type aws_ssm as ssm } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { anyPostgresPlan, type AnyPostgresProps } from './any-postgres';
import type { DatabaseBinding } from './database-binding';
import { ownCertificates } from './own-certificates';
import { templateResource } from './rendered-properties';
import { optionalPlacement, warnOfUnreachable } from './vpc-placement';

/** Any PostgreSQL, by a connection URL in the Parameter Store. */
export function bindParameter(scope: Construct, parameter: ssm.IParameter, props: AnyPostgresProps): DatabaseBinding {
  checkSecure(parameter);
  const placement = optionalPlacement(scope, props);
  warnOfUnreachable(scope, placement, 'Systems Manager');
  return {
    plan: { ...anyPostgresPlan(props), login: { parameterArn: parameter.parameterArn } },
    placement,
    certificates: ownCertificates(props),
    dependencies: [],
    connect: (fn) => grantParameterRead(parameter, fn),
  };
}

/** A password never stands in a template, and CloudFormation creates plain parameters only. */
function checkSecure(parameter: ssm.IParameter): void {
  const type = templateResource<ssm.CfnParameter>(parameter)?.type ?? parameter.parameterType;
  if (Token.isUnresolved(type) || type === 'SecureString') return;
  throw new Error(`got parameter ${parameter.node.path} of type ${type}, expected a SecureString, since it holds a password: create it outside CloudFormation (aws ssm put-parameter --type SecureString), and import it by ssm.StringParameter.fromSecureStringParameterAttributes`);
}

/** By the policy of the function's own role alone, as with secrets: `grantRead` would also name the role in the key's policy. */
function grantParameterRead(parameter: ssm.IParameter, grantee: iam.IGrantable): void {
  iam.Grant.addToPrincipal({ grantee, actions: ['ssm:GetParameter'], resourceArns: [parameter.parameterArn] });
  // Whoever may read a parameter may use the account's own key for it.
  const { encryptionKey } = parameter as { readonly encryptionKey?: kms.IKey };
  if (!encryptionKey) return;
  iam.Grant.addToPrincipal({
    grantee,
    actions: ['kms:Decrypt'],
    resourceArns: [encryptionKey.keyArn],
    conditions: { StringEquals: { 'kms:ViaService': `ssm.${parameter.env.region}.amazonaws.com` } },
  });
}

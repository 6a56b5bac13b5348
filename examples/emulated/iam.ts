import { resolve, type References } from './intrinsics';
import { idsOf, type Template } from './template';

/** What somebody wants to do, in IAM's words. */
export interface Access {
  readonly action: string;
  readonly resource: string;
}

interface Statement {
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: unknown;
}

/**
 * Whether the policies of a function's role in the template allow it. Statements with a condition allow nothing here, and
 * managed policies are not known.
 */
export async function roleAllows(template: Template, references: References, functionId: string, { action, resource }: Access): Promise<boolean> {
  const { Role } = template.Resources[functionId].Properties;
  const roleName = nameIn(await resolve(Role, references));
  for (const id of idsOf(template, 'AWS::IAM::Policy')) {
    const { Roles, PolicyDocument } = template.Resources[id].Properties;
    if (!(await resolve(Roles, references)).includes(roleName)) continue;
    // One after the other, and only where the action fits: resolving what a statement names brings it into being.
    for (const { Effect, Action, Resource, Condition } of PolicyDocument.Statement as Statement[]) {
      if (Effect !== 'Allow' || Condition !== undefined || !matches(Action, action)) continue;
      if (matches(await resolve(Resource, references), resource)) return true;
    }
  }
  return false;
}

/** Whether the function's own policy lets Cognito invoke it, for this pool of this account. */
export async function letsCognitoIn(template: Template, references: References, functionId: string): Promise<boolean> {
  for (const id of idsOf(template, 'AWS::Lambda::Permission')) {
    const { Action, FunctionName, Principal, SourceArn, SourceAccount } = template.Resources[id].Properties;
    if (Action !== 'lambda:InvokeFunction' || Principal !== 'cognito-idp.amazonaws.com' || nameIn(await resolve(FunctionName, references)) !== functionId) continue;
    const [pool] = idsOf(template, 'AWS::Cognito::UserPool');
    if (await resolve(SourceArn, references) === await references.attribute(pool, 'Arn') && await resolve(SourceAccount, references) === await references.ref('AWS::AccountId')) return true;
  }
  return false;
}

/** Functions and roles are told by name, or by ARN. */
export function nameIn(nameOrArn: string): string {
  return nameOrArn.split(/[:/]/).at(-1)!;
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html */
function matches(patterns: string | readonly string[], text: string): boolean {
  return [patterns].flat().some((pattern) => new RegExp(`^${pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*').replaceAll('?', '.')}$`).test(text));
}

/** A template of CloudFormation, as far as the examples look into it. */
export interface Template {
  readonly Parameters?: Readonly<Record<string, { readonly Default?: string }>>;
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly Outputs?: Readonly<Record<string, { readonly Value: unknown }>>;
}

export interface Resource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, any>>;
}

/** What `cdk synth` (or `sam build`) leaves for a deployment. */
export interface SynthesisedStack {
  readonly template: Template;
  /** What the CLI would print as warnings. */
  readonly warnings: readonly string[];
  /** Folder of a function's code. */
  codeOf(properties: Resource['Properties']): string;
}

/** Logical ids of all resources of one of these types. */
export function idsOf({ Resources }: Template, ...types: readonly string[]): string[] {
  return Object.keys(Resources).filter((id) => types.includes(Resources[id].Type));
}

/** @throws where there is not exactly one */
export function onlyIdOf(template: Template, ...types: readonly string[]): string {
  const [id, ...others] = idsOf(template, ...types);
  if (id === undefined || others.length > 0) throw new Error(`got ${others.length + (id ? 1 : 0)} resources of type ${types.join(' or ')}, expected one`);
  return id;
}

/** Every statement that allows something, with actions and resources as lists. */
export function allowedBy(template: Template): Array<{ readonly actions: readonly string[]; readonly resources: readonly unknown[] }> {
  return idsOf(template, 'AWS::IAM::Policy')
    .flatMap((id) => template.Resources[id].Properties.PolicyDocument.Statement as Array<{ Effect: string; Action: string | string[]; Resource: unknown }>)
    .filter(({ Effect }) => Effect === 'Allow')
    .map(({ Action, Resource }) => ({ actions: [Action].flat(), resources: [Resource].flat() }));
}

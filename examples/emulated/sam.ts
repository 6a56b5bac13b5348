import { App, Stack } from 'aws-cdk-lib';
import { CfnInclude } from 'aws-cdk-lib/cloudformation-include';
import type { Resource, SynthesisedStack, Template } from './template';

/** Reads a template of SAM; one that refers to what is not there is an error. Its functions have the code of `codeFolder`. */
export function readSam(templateFile: string, codeFolder: string): SynthesisedStack {
  const app = new App();
  const stack = new Stack(app, 'Sam');
  new CfnInclude(stack, 'Template', { templateFile });
  const template = app.synth().getStackByName('Sam').template as Template;
  return {
    template: { ...template, Resources: Object.assign({}, ...Object.entries(template.Resources).map(transformed)) },
    warnings: [],
    codeOf: () => codeFolder,
  };
}

/**
 * What the transform makes of a function, as far as the example uses it: a role with its policies, and event source
 * mappings. https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-generated-resources-function.html
 */
function transformed([id, { Type, Properties }]: [string, Resource]): Readonly<Record<string, Resource>> {
  if (Type !== 'AWS::Serverless::Function') return { [id]: { Type, Properties } };
  const { Policies, Events = {}, ...properties } = Properties;
  return {
    [id]: { Type: 'AWS::Lambda::Function', Properties: { ...properties, Role: { 'Fn::GetAtt': [`${id}Role`, 'Arn'] } } },
    [`${id}Role`]: { Type: 'AWS::IAM::Role', Properties: {} },
    ...Object.fromEntries(Policies.map((PolicyDocument: object, index: number) => [`${id}Policy${index}`, { Type: 'AWS::IAM::Policy', Properties: { PolicyDocument, Roles: [{ Ref: `${id}Role` }] } }])),
    ...Object.fromEntries(Object.entries<any>(Events).map(([name, { Properties: { Queue: EventSourceArn, ...mapping } }]) => (
      [`${id}${name}`, { Type: 'AWS::Lambda::EventSourceMapping', Properties: { EventSourceArn, FunctionName: { Ref: id }, ...mapping } }]
    ))),
  };
}

import type { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';

interface Resource {
  readonly DependsOn?: string | string[];
}

/** Resources of one template that wait for themselves: CloudFormation refuses them, and the CDK does not look. */
export function resourceCycles(stack: Stack): string[] {
  const waitsFor = dependenciesIn(stack);
  return [...waitsFor.keys()].filter((id) => reachesOther(id, id, waitsFor));
}

/** Whether the one resource, by its logical id, is created after the other. */
export function reaches(stack: Stack, from: string, to: string): boolean {
  return reachesOther(from, to, dependenciesIn(stack));
}

function dependenciesIn(stack: Stack): ReadonlyMap<string, readonly string[]> {
  const { Resources: resources = {} } = Template.fromStack(stack).toJSON() as { Resources?: Record<string, Resource> };
  return new Map(Object.entries(resources).map(([id, resource]) => {
    const named = [...namedIn(resource), ...[resource.DependsOn ?? []].flat()];
    return [id, named.filter((other) => other in resources)];
  }));
}

function namedIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    if (key === 'Ref') return [inner as string];
    return key === 'Fn::GetAtt' ? [(inner as string[])[0]] : namedIn(inner);
  });
}

function reachesOther(start: string, end: string, waitsFor: ReadonlyMap<string, readonly string[]>): boolean {
  const seen = new Set<string>();
  const open = [...waitsFor.get(start)!];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (id === end) return true;
    if (!seen.has(id)) open.push(...waitsFor.get(id)!);
    seen.add(id);
  }
  return false;
}

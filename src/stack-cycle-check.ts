import { CfnElement, DefaultTokenResolver, Reference, Stack, Stage, StringConcat, Tokenization, type IPostProcessor, type IResolvable, type IResolveContext } from 'aws-cdk-lib';
import type { Construct, IConstruct } from 'constructs';

/** One stack that must be deployed after another, and why. */
interface StackDependency {
  readonly from: Stack;
  readonly to: Stack;
  readonly reason: string;
  /** Comes from the sync, or leads to it. */
  readonly isOurs: boolean;
}

/**
 * Tells of stacks that depend on each other through the sync, in words that help, before the CDK's own error does.
 *
 * An element of the template that renders as nothing: the CDK asks every element for its references at the one moment
 * when all aspects have run and no reference is resolved yet. An aspect would be too early: a `Lazy` keeps what it
 * gave first, so looking at it would undo what later aspects change. Should the CDK ever ask in another way, its own
 * error is what remains.
 */
export class StackCycleCheck extends CfnElement {
  private done = false;

  constructor(private readonly sync: Construct) {
    super(sync, 'StackCycleCheck');
  }

  /** @internal */
  public _toCloudFormation(): object {
    if (!this.done) {
      this.done = true;
      this.check();
    }
    return {};
  }

  private check(): void {
    const dependencies = this.stackDependencies();
    for (const ours of dependencies.filter(({ isOurs }) => isOurs)) {
      const back = wayBack(ours, dependencies);
      if (back) throw new Error(cycleMessage(this.sync, [ours, ...back]));
    }
  }

  private stackDependencies(): StackDependency[] {
    const app = Stage.of(this) ?? this.node.root;
    const all = app.node.findAll();
    const referenced = all.filter(CfnElement.isCfnElement).flatMap((element) => referencesOf(element).flatMap(({ target, displayName }) =>
      this.dependency(Stack.of(element), Stack.of(target), element, target, `${element.node.path} references ${target.node.path} (${displayName})`)));
    const explicit = all.filter(Stack.isStack).flatMap((stack) => stack.dependencies.flatMap((other) =>
      this.dependency(stack, other, stack, other, `${stack.node.path} was told to depend on ${other.node.path} (addDependency)`)));
    return [...referenced, ...explicit];
  }

  private dependency(consumer: Stack, producer: Stack, source: IConstruct, target: IConstruct, reason: string): StackDependency[] {
    const stacks = deployedApart(consumer, producer);
    if (!stacks) return [];
    const isOurs = [source, target].some((construct) => construct.node.scopes.includes(this.sync));
    return [{ from: stacks[0], to: stacks[1], reason, isOurs }];
  }
}

/** The two stacks of which one waits for the other: nested ones are deployed with their parent. */
function deployedApart(consumer: Stack, producer: Stack): [Stack, Stack] | undefined {
  const from = withParents(consumer);
  const to = withParents(producer);
  const depth = from.findIndex((stack, index) => stack !== to[index]);
  return depth >= 0 && to[depth] ? [from[depth], to[depth]] : undefined;
}

function withParents(stack: Stack): Stack[] {
  return stack.nestedStackParent ? [...withParents(stack.nestedStackParent), stack] : [stack];
}

/** The shortest chain of dependencies that leads back to where this one starts. */
function wayBack({ from: start, to }: StackDependency, dependencies: readonly StackDependency[]): StackDependency[] | undefined {
  const seen = new Set([to]);
  let chains = dependencies.filter(({ from }) => from === to).map((dependency) => [dependency]);
  while (chains.length > 0) {
    const back = chains.find((chain) => chain.at(-1)?.to === start);
    if (back) return back;
    chains = chains.flatMap((chain) => {
      const end = chain[chain.length - 1].to;
      if (seen.has(end)) return [];
      seen.add(end);
      return dependencies.filter(({ from }) => from === end).map((dependency) => [...chain, dependency]);
    });
  }
  return undefined;
}

function cycleMessage(sync: Construct, cycle: readonly StackDependency[]): string {
  const stacks = [...cycle, cycle[0]].map(({ from }) => from.node.path).join(' → ');
  return [
    `${sync.node.path}: got stacks that depend on each other (${stacks}), so that none can be deployed first:`,
    ...cycle.map(({ reason }) => `  - ${reason}`),
    'expected the pool\'s stack to depend on the sync\'s, and the sync\'s on the database\'s, and none of them back. Take away one of these references, or use a layout that works:',
    '  - user pool, sync and database in one stack',
    '  - the sync in the user pool\'s stack, where nothing in the database\'s stack depends on the pool\'s',
    '  - the sync in the database\'s stack, where nothing else there depends on the user pool\'s',
    '  - the sync in a stack of its own, where nothing in the database\'s stack or in its own depends on the user pool\'s',
    '  - attach: TriggerAttachment.customResource(), with which the sync\'s stack depends on the pool\'s, and nothing in the pool\'s may depend on the sync\'s',
  ].join('\n');
}

function referencesOf(element: CfnElement): readonly Reference[] {
  const resolver = new ReferenceCollector(new StringConcat());
  try {
    Tokenization.resolve(element._toCloudFormation(), { scope: element, resolver, preparing: true });
  } catch {
    // The CDK resolves the same element next, and tells of its error in its own words.
  }
  return resolver.references;
}

class ReferenceCollector extends DefaultTokenResolver {
  readonly references: Reference[] = [];

  public resolveToken(token: IResolvable, context: IResolveContext, postProcessor: IPostProcessor): unknown {
    if (Reference.isReference(token)) this.references.push(token);
    return super.resolveToken(token, context, postProcessor);
  }
}

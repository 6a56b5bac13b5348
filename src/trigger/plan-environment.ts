import { Stack, StringConcat, Token, Tokenization } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { PLAN_VARIABLE, type SyncPlan } from '../private/plan';

/** https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html: all of a function's variables together. */
const MAX_BYTES = 4096;

/**
 * The plan as the environment of the function that follows it.
 *
 * @throws a plain `Error` where it does not fit. Tokens count as nothing, since their length is known at deployment only.
 */
export function planEnvironment(scope: Construct, plan: SyncPlan): Record<string, string> {
  const bytes = new TextEncoder().encode(PLAN_VARIABLE + textWithoutTokens(plan)).length;
  if (bytes > MAX_BYTES) {
    throw new Error(`got a mapping of ${bytes} bytes, expected at most ${MAX_BYTES}, which is what Lambda gives a function's environment: map fewer columns, shorten constants and fallbacks, or take ColumnValue.allAttributes() for many attributes at once`);
  }
  return { [PLAN_VARIABLE]: Stack.of(scope).toJsonString(plan) };
}

function textWithoutTokens(plan: SyncPlan): string {
  const json = JSON.stringify(plan, (_, value: unknown) => (typeof value === 'number' && Token.isUnresolved(value) ? '' : value));
  return Tokenization.reverseString(json).mapTokens({ mapToken: () => '' }).join(new StringConcat());
}

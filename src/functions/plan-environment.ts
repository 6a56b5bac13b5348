import { Stack, StringConcat, Token, Tokenization } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { PLAN_VARIABLE, type SyncPlan } from '../private/plan';

/** https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html: all of a function's variables together. */
const MAX_BYTES = 4096;

/** What an address, an ARN or the URL of a queue has about, which are known at deployment only. */
const TOKEN_BYTES = 100;

/**
 * The plan as the environment of the function that follows it.
 *
 * @throws a plain `Error` where it does not fit. Tokens in the columns count as nothing, since they may be of any length.
 */
export function planEnvironment(scope: Construct, plan: SyncPlan): Record<string, string> {
  const { columns, ...rest } = plan;
  const bytes = byteLength(PLAN_VARIABLE) + byteLength('"columns":,') + bytesOf(columns, 0) + bytesOf(rest, TOKEN_BYTES);
  if (bytes > MAX_BYTES) {
    throw new Error(`got a mapping that makes a plan of ${bytes} bytes, expected at most ${MAX_BYTES}, which is what Lambda gives a function's environment: map fewer columns, shorten constants and fallbacks, or take ColumnValue.allAttributes() for many attributes at once`);
  }
  return { [PLAN_VARIABLE]: Stack.of(scope).toJsonString(plan) };
}

function bytesOf(part: object, tokenBytes: number): number {
  const json = JSON.stringify(part, (_, value: unknown) => (typeof value === 'number' && Token.isUnresolved(value) ? Token.asString(value) : value));
  return byteLength(Tokenization.reverseString(json).mapTokens({ mapToken: () => 'x'.repeat(tokenBytes) }).join(new StringConcat()));
}

function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}

import { Token } from 'aws-cdk-lib';

/** @throws a plain `Error` for a number that the prop cannot have; a token's is known at deployment only */
export function checkWholeNumber(prop: string, value: number, least: number, most: number): void {
  if (Token.isUnresolved(value)) return;
  if (!Number.isInteger(value) || value < least || value > most) {
    throw new Error(`got ${prop} ${value}, expected a whole number from ${least} to ${most.toLocaleString('en')}: choose how many of the function may run at the same time`);
  }
}

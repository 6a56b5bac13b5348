import { App, type Stack } from 'aws-cdk-lib';

/** What synth says is wrong, when all aspects have run; an empty text where nothing is. */
export function synthError(stack: Stack): string {
  try {
    (stack.node.root as App).synth();
    return '';
  } catch (error) {
    return (error as Error).message;
  }
}

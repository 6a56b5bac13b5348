import type { EmulatedStack } from './emulated/emulated-stack';
import type { SynthesisedStack } from './emulated/template';

/** What `end-to-end.ts` in the folder of an example exports. */
export interface Example {
  /** @default - `app.ts` beside it, as `cdk synth` does */
  readonly synth?: (folder: string) => Promise<SynthesisedStack>;
  /** What the template must have. @throws where it has not */
  readonly checkTemplate: (synthesised: SynthesisedStack) => void;
  /** What a user of the deployed stack meets. @throws where it is not as promised */
  readonly endToEnd?: (stack: EmulatedStack) => Promise<void>;
}

import { deliveries, type Deed } from './lives';
import { Random } from './random';
import type { PoolUser } from '../test/support/user-directory';

/** The check constraint of the storm's tables does not let it in. */
export const REFUSED_NAME = 'refused';

/** One user, with everything that was ever true of them. Invented: nothing here is anybody's. */
export class Person {
  readonly sub: string;
  readonly username: string;
  /** State by state; the first one has the generation 1. */
  readonly states: PoolUser[] = [];
  /** Newest generation that anything has told of; 0 before anything has. */
  nudged = 0;
  /** Newest generation that a nudge has told of, which makes Cognito be read. */
  reread = 0;
  confirmedAt?: number;
  leftAt?: number;
  /** What happened to them, for whoever asks why a check failed. */
  readonly story: Array<{ readonly at: number; readonly what: string }> = [];
  private readonly random: Random;
  private readonly isFederated: boolean;

  constructor(readonly index: number, seed: number) {
    this.random = new Random(seed, 'person', index);
    const hex = Array.from({ length: 32 }, () => this.random.whole(0, 15).toString(16)).join('');
    this.sub = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
    this.isFederated = this.random.chance(0.1);
    this.username = this.isFederated ? `Example_${index}` : this.random.chance(0.5) ? this.sub : `user-${index}`;
  }

  get isInPool(): boolean {
    return this.confirmedAt !== undefined && this.leftAt === undefined;
  }

  get generation(): number {
    return this.states.length;
  }

  get current(): PoolUser {
    return this.states[this.states.length - 1];
  }

  /** The next state. */
  become(isPoison: boolean): PoolUser {
    const { random, index, sub, username } = this;
    const generation = this.generation + 1;
    this.states.push({
      sub,
      username,
      status: this.isFederated ? 'EXTERNAL_PROVIDER' : 'CONFIRMED',
      enabled: generation === 1 || random.chance(0.9),
      attributes: {
        'email': `user-${index}@${random.chance(0.3) ? `changed-${generation}.` : ''}example.com`,
        'email_verified': 'true',
        'name': isPoison ? REFUSED_NAME : `Name ${generation} of ${index}`,
        ...(random.chance(0.7) && { preferred_username: `handle-${index}-${random.whole(1, 3)}` }),
        'custom:generation': String(generation),
        ...(this.isFederated && { identities: JSON.stringify([{ userId: String(index), providerName: 'Example', providerType: 'OIDC', primary: true }]) }),
      },
    });
    return this.current;
  }

  /** As Cognito sends it for a user who is as they are now. */
  triggerEvent(deed: Deed, userPoolId: string, region: string): object {
    const { sub, username, current: { attributes, status } } = this;
    return {
      version: '1',
      region,
      userPoolId,
      userName: username,
      callerContext: { awsSdkVersion: 'aws-sdk-unknown-unknown', clientId: 'storm' },
      triggerSource: deed === 'resetPassword' ? 'PostConfirmation_ConfirmForgotPassword' : 'PostConfirmation_ConfirmSignUp',
      request: { userAttributes: { sub, ...attributes, 'cognito:user_status': status } },
      response: {},
    };
  }

  /** Somebody is told of this generation, and must read it from Cognito. */
  isNudged(generation: number): void {
    this.nudged = Math.max(this.nudged, generation);
    this.reread = Math.max(this.reread, generation);
  }

  /** When the copies of the notification of the newest deed arrive, in milliseconds from now. */
  notifications(): number[] {
    return deliveries(this.random);
  }

  tell(at: number, what: string): void {
    this.story.push({ at, what });
  }
}

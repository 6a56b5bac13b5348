/** One user as Cognito has it. Every source is normalised to this; what a source cannot know stays `undefined`. */
export interface CognitoUser {
  /** The user's id in the pool: a UUID that never changes and is never given to somebody else. */
  readonly sub: string;
  /** What the user pool calls the user; `<Provider>_<id>` for federated users. */
  readonly username?: string;
  readonly userPoolId?: string;
  /** `UserStatusType`: CONFIRMED, EXTERNAL_PROVIDER, FORCE_CHANGE_PASSWORD, … */
  readonly status?: string;
  readonly enabled?: boolean;
  /** User attributes by name, custom ones with their `custom:` prefix. Cognito has them all as text. */
  readonly attributes: Readonly<Record<string, string>>;
  /** Linked identities, the first or primary one first; empty for a user who only has a password. */
  readonly identities?: readonly Identity[];
  /** What the app sent along with this one request; Cognito does not keep it. */
  readonly clientMetadata?: Readonly<Record<string, string>>;
  /** When Cognito was in this state, as far as we know: when we were told. */
  readonly observedAt: Date;
}

export interface Identity {
  readonly providerName: string;
  readonly userId?: string;
}

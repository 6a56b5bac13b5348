import { checkAttributeName } from './attribute-name';
import type { AttributeOptions, ClientMetadataOptions, ConstantOptions, IdentityOptions } from './column-options';
import { CLIENT_METADATA_PREFIX, COLUMN_KINDS, COLUMN_WRITES, type ColumnPlan, type ColumnPlanOptions } from '../private/plan';

/**
 * Where a column's value comes from.
 */
export class ColumnValue {
  /**
   * A user attribute, by Cognito's own name for it.
   *
   * Most attributes are written by the users themselves, and `custom:` ones too where the app client may write them:
   * never decide by them what somebody is allowed to do.
   *
   * @see https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-attributes.html
   * @param name a standard attribute such as `email`, or `custom:<name>`; a token is not checked
   */
  public static attribute(name: string, options: AttributeOptions = {}): ColumnValue {
    return new ColumnValue({ from: name, ...options }, () => checkAttributeName(name));
  }

  /**
   * The user's id in the pool, a UUID as text. It never changes, and is the key of the user's row.
   */
  public static sub(options: IdentityOptions = {}): ColumnValue {
    return new ColumnValue({ from: 'sub', ...options });
  }

  /**
   * What the pool calls the user, as text. For federated users it is `<provider>_<id>`.
   */
  public static username(options: IdentityOptions = {}): ColumnValue {
    return new ColumnValue({ from: 'username', ...options });
  }

  /**
   * The pool's id, such as `eu-west-1_AbCdEfGhI`, as text. Where several pools write one table it belongs to the key.
   */
  public static userPoolId(options: IdentityOptions = {}): ColumnValue {
    return new ColumnValue({ from: 'userPoolId', ...options });
  }

  /**
   * The user's status, such as `CONFIRMED` or `EXTERNAL_PROVIDER`, as text.
   *
   * @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UserType.html
   */
  public static status(): ColumnValue {
    return new ColumnValue({ from: 'status' });
  }

  /**
   * Whether the user may sign in, as a boolean.
   *
   * A trigger event does not say it, so a trigger leaves the column as it is: give it a default in the table.
   */
  public static enabled(): ColumnValue {
    return new ColumnValue({ from: 'enabled' });
  }

  /**
   * The provider that a federated user comes from, as text: the first one where several are linked.
   * `Cognito` for users who are in the pool itself.
   */
  public static identityProvider(): ColumnValue {
    return new ColumnValue({ from: 'identityProvider' });
  }

  /**
   * A value that the app sent along with the sign-up.
   *
   * Whoever signs up chooses it freely, and Cognito does not keep it. That is why it is written with a new row and
   * never again: a later request could otherwise change the row to anything.
   *
   * @see https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-post-confirmation.html
   * @param key the key in the request's `ClientMetadata`
   */
  public static clientMetadata(key: string, options: ClientMetadataOptions = {}): ColumnValue {
    return new ColumnValue({ from: `${CLIENT_METADATA_PREFIX}${key}`, ...options }, () => {
      if (key === '') throw new Error("got client metadata with an empty key, expected the key that the app sends: use ColumnValue.clientMetadata('<key>')");
    });
  }

  /**
   * The same text for every user.
   *
   * @param value may be a token; one whose text is known at deployment only must not hold `"` or `\`. Never a secret,
   * since it stands in the template
   */
  public static constant(value: string, options: ConstantOptions = {}): ColumnValue {
    return new ColumnValue({ constant: value, ...options });
  }

  /**
   * All of the user's attributes as one JSON object: names, and values as text.
   */
  public static allAttributes(): ColumnValue {
    return new ColumnValue({ from: 'attributes' });
  }

  /**
   * When Cognito was in the state that the row shows, as a timestamp. With this column an older state never
   * overwrites a newer one.
   */
  public static observedAt(): ColumnValue {
    return new ColumnValue({ from: 'observedAt' });
  }

  private constructor(private readonly options: AttributeOptions & IdentityOptions & { from?: string; constant?: string }, private readonly check?: () => void) {}

  /**
   * This value in the plan's shortest form: environments are small.
   *
   * @internal
   */
  public _plan(): ColumnPlan {
    this.check?.();
    const { from, constant, fallback, required, prefix, immutable } = this.options;
    const kind = oneOf(COLUMN_KINDS, this.options.kind, 'kind', 'ColumnKind');
    const write = oneOf(COLUMN_WRITES, this.options.write, 'write', 'ColumnWrite');
    const plan: ColumnPlanOptions = {
      ...(from !== undefined && { from }),
      ...(constant !== undefined && { constant }),
      ...(kind !== undefined && kind !== 'text' && { kind }),
      ...(write !== undefined && write !== 'always' && { write }),
      ...(fallback !== undefined && { fallback }),
      ...(required && { required }),
      ...(prefix && { prefix }),
      ...(immutable && { immutable }),
    };
    return from !== undefined && Object.keys(plan).length === 1 ? from : plan;
  }
}

/** JavaScript callers are not held to the enum. */
function oneOf<T extends string>(known: readonly T[], value: string | undefined, what: string, enumName: string): T | undefined {
  const found = known.find((name) => name === value);
  if (value !== undefined && found === undefined) {
    throw new Error(`got ${what} ${JSON.stringify(value)}, expected ${known.join(', ')}: use a member of ${enumName}`);
  }
  return found;
}

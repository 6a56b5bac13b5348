import type { CheckMode } from '../private/plan';

/**
 * What a deployment does about a database, table or login that the sync cannot work with.
 *
 * After the database stands, a function connects as the sync does, and compares the table with the mapping: columns, their
 * types, the unique index on the key, privileges. What it finds is logged, each with the SQL that mends it. A table
 * that is not there yet is a warning: databases and stacks are born together. `npx cognito-user-sync check` runs the same
 * check at any time.
 *
 * The check runs when the sync is created, and when its mapping, its database, the network between the two or the version of the package changes.
 */
export class DeployCheck {
  /**
   * Logs what it finds, and the deployment goes on.
   */
  public static warn(): DeployCheck {
    return new DeployCheck('warn');
  }

  /**
   * Fails the deployment where users could not be written, with one message that holds the SQL that mends it. What may
   * be right is only logged. A deployment that is rolled back is never failed. The trigger is attached afterwards only.
   *
   * The login must be there before: in a database of the same stack `DatabaseLogin.created()` makes it. Aurora DSQL has to
   * know the functions' roles, which are new at the first deployment: begin with `warn()`.
   */
  public static fail(): DeployCheck {
    return new DeployCheck('fail');
  }

  /**
   * Looks at nothing. Not possible with `DatabaseLogin.created()`, whose login is created by the same function.
   */
  public static none(): DeployCheck {
    return new DeployCheck('none');
  }

  private constructor(private readonly mode: CheckMode | 'none') {}

  /** @internal */
  public _mode(): CheckMode | undefined {
    return this.mode === 'none' ? undefined : this.mode;
  }
}

import { aws_cognito as cognito } from 'aws-cdk-lib';
import type { ColumnPlan } from '../private/plan';

/**
 * A key that changes makes a second row. What the mapping says of the attribute is held against the pool, where that
 * belongs to this app.
 *
 * @throws a plain `Error`
 */
export function checkImmutableColumns(userPool: cognito.IUserPool, columns: Readonly<Record<string, ColumnPlan>>): void {
  const { schema } = (userPool.node.defaultChild ?? {}) as Partial<cognito.CfnUserPool>;
  if (!(userPool.node.defaultChild instanceof cognito.CfnUserPool)) return;
  const attributes = Array.isArray(schema) ? schema as cognito.CfnUserPool.SchemaAttributeProperty[] : [];
  for (const [column, plan] of Object.entries(columns)) {
    if (typeof plan === 'string' || !plan.immutable) continue;
    const name = plan.from!.replace(/^(dev:)?custom:/, '');
    const attribute = attributes.find((candidate) => candidate.name === name);
    // Standard attributes are mutable unless the pool says otherwise.
    const isMutable = attribute ? attribute.mutable === true : name === plan.from;
    if (!isMutable) continue;
    throw new Error(`column ${JSON.stringify(column)}: got immutable: true for ${plan.from}, which the user pool lets people change: define the attribute with mutable: false, or take immutable out`);
  }
}

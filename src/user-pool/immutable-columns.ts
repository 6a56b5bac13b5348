import { Token, aws_cognito as cognito } from 'aws-cdk-lib';
import { type ColumnPlan, STANDARD_ATTRIBUTES } from '../private/plan';

type SchemaAttribute = cognito.CfnUserPool.SchemaAttributeProperty;

/**
 * A key that changes makes a second row. What the mapping says of the attribute is held against the pool, where that
 * belongs to this app.
 *
 * @throws a plain `Error`
 */
export function checkImmutableColumns(userPool: cognito.IUserPool, columns: Readonly<Record<string, ColumnPlan>>): void {
  const resource = userPool.node.defaultChild;
  if (!(resource instanceof cognito.CfnUserPool)) return;
  const { schema = [] } = resource;
  if (!Array.isArray(schema)) return;
  for (const [column, plan] of Object.entries(columns)) {
    // Nobody can change a sub.
    if (typeof plan === 'string' || !plan.immutable || plan.from === 'sub' || Token.isUnresolved(plan.from)) continue;
    const attribute = attributeNamed(plan.from!, schema as SchemaAttribute[]);
    const got = `column ${JSON.stringify(column)}: got immutable: true for ${plan.from}, which the user pool`;
    if (!attribute && !isStandard(plan.from!)) {
      throw new Error(`${got} does not define: add it to the pool's customAttributes with mutable: false, or take the column out`);
    }
    // Standard attributes are mutable unless the pool says otherwise.
    if (attribute?.mutable === undefined ? isStandard(plan.from!) : attribute.mutable === true) {
      throw new Error(`${got} lets people change: define the attribute with mutable: false, or take immutable out`);
    }
  }
}

/** By its full name: `custom:email` is another attribute than `email`, and the schema has both as `email`. */
function attributeNamed(fullName: string, schema: readonly SchemaAttribute[]): SchemaAttribute | undefined {
  const bareName = fullName.replace(/^(?:dev:)?custom:/, '');
  const named = schema.filter(({ name }) => name === fullName || name === bareName);
  // The custom one is that whose type had to be said: a standard attribute has its own.
  if (isStandard(fullName)) return named.find(({ attributeDataType }) => attributeDataType === undefined) ?? named[0];
  return named.find(({ attributeDataType }) => !isStandard(bareName) || attributeDataType !== undefined);
}

function isStandard(name: string): boolean {
  return (STANDARD_ATTRIBUTES as readonly string[]).includes(name);
}

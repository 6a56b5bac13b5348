/** The paths at which the one has what the other has not so, such as `Policies.PasswordPolicy.MinimumLength`; never what is there. */
export function differences(one: unknown, other: unknown, path = ''): string[] {
  if (!isObject(one)) return one === undefined || canonical(one) === canonical(other) ? [] : [path];
  const beside = isObject(other) ? other : {};
  return Object.keys(one).sort().flatMap((name) => differences(one[name], beside[name], path === '' ? name : `${path}.${name}`));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** No list among a pool's settings has an order. */
function canonical(value: unknown): string | undefined {
  return JSON.stringify(Array.isArray(value) ? value.map((item) => JSON.stringify(item, inOrder)).sort() : value);
}

function inOrder(_: string, value: unknown): unknown {
  return isObject(value) ? Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1))) : value;
}

/** What the functions of a template refer to. */
export interface References {
  ref(name: string): Promise<unknown>;
  attribute(id: string, name: string): Promise<unknown>;
}

/**
 * A value of a template as a deployment sees it.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference.html
 */
export async function resolve(value: unknown, references: References): Promise<any> {
  if (Array.isArray(value)) return Promise.all(value.map((item) => resolve(item, references)));
  if (typeof value !== 'object' || value === null) return value;
  const [[name, given] = [], ...others] = Object.entries(value);
  if (others.length === 0 && (name === 'Ref' || name?.startsWith('Fn::'))) return intrinsic(name, given, references);
  return Object.fromEntries(await Promise.all(Object.entries(value).map(async ([key, item]) => [key, await resolve(item, references)])));
}

async function intrinsic(name: string, given: any, references: References): Promise<unknown> {
  switch (name) {
    case 'Ref':
      return references.ref(given);
    case 'Fn::GetAtt': {
      const [id, ...path] = Array.isArray(given) ? given : String(given).split('.');
      return references.attribute(id, path.join('.'));
    }
    case 'Fn::Join': {
      const [separator, parts] = given;
      return (await resolve(parts, references)).join(separator);
    }
    case 'Fn::Select': {
      const [index, list] = given;
      return (await resolve(list, references))[Number(index)];
    }
    case 'Fn::Split': {
      const [separator, text] = given;
      return String(await resolve(text, references)).split(separator);
    }
    case 'Fn::Sub':
      return substituted(String(given), references);
    default:
      throw new Error(`got ${name} in a template, which the examples' emulation does not know: add it to examples/emulated/intrinsics.ts`);
  }
}

/** Of the form with one text. */
async function substituted(text: string, references: References): Promise<string> {
  const parts = text.split(/\$\{([^}!]+)\}/);
  return (await Promise.all(parts.map((part, index) => {
    if (index % 2 === 0) return part;
    const [id, ...path] = part.split('.');
    return path.length === 0 ? references.ref(id) : references.attribute(id, path.join('.'));
  }))).join('');
}

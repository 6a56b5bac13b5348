/** A block of Terraform's language: `resource "aws_sqs_queue" "waiting" { … }`. */
export interface Block {
  readonly type: string;
  readonly labels: readonly string[];
  /** Its attributes, and the blocks in it by their types. */
  readonly body: Readonly<Record<string, any>>;
}

/** `aws_sqs_queue.waiting.url` */
export interface Reference {
  readonly reference: readonly string[];
}

const TOKEN = /\s+|(#.*)|("(?:[^"\\$]|\\.|\$(?!\{)|\$\{[^}]*\})*")|([A-Za-z_][\w-]*)|(\d+(?:\.\d+)?)|([{}[\]()=,.])/y;

/**
 * Reads what the example's file is made of: blocks, attributes, texts with references, lists, objects and calls, of which
 * `jsonencode` stands for what it encodes. Not the whole of https://developer.hashicorp.com/terraform/language/syntax/configuration.
 *
 * @throws where there is anything else
 */
export function readHcl(text: string): Block[] {
  const tokens = tokensOf(text);
  let at = 0;
  const peek = (offset = 0) => tokens[at + offset];
  const isNext = (...expected: string[]) => expected.includes(peek());

  function take(expected?: string): string {
    const token = tokens[at++];
    if (token === undefined || (expected !== undefined && token !== expected)) throw new Error(`got ${token ?? 'the end'} after ${tokens.slice(Math.max(0, at - 6), at - 1).join(' ')}, expected ${expected ?? 'more'}`);
    return token;
  }

  function body(end: string | undefined): Record<string, any> {
    const content: Record<string, any> = {};
    while (peek() !== end) {
      const name = take();
      if (isNext('=')) {
        take('=');
        content[name] = expression();
      } else {
        const labels: string[] = [];
        while (!isNext('{')) labels.push(JSON.parse(take()));
        take('{');
        const block: Block = { type: name, labels, body: body('}') };
        take('}');
        if (end === undefined) (content.blocks ??= []).push(block);
        else content[name] = block.body;
      }
    }
    return content;
  }

  function expression(): unknown {
    const token = take();
    if (token === '{') return object();
    if (token === '[') return list(']');
    if (token.startsWith('"')) return textOf(token);
    if (/^\d/.test(token)) return Number(token);
    if (token === 'true' || token === 'false') return token === 'true';
    if (isNext('(')) {
      take('(');
      const given = list(')');
      return token === 'jsonencode' ? given[0] : { call: token, given };
    }
    const reference = [token];
    while (isNext('.')) {
      take('.');
      reference.push(take());
    }
    return { reference };
  }

  function object(): Record<string, unknown> {
    const content: Record<string, unknown> = {};
    while (!isNext('}')) {
      const name = take().replaceAll('"', '');
      take('=');
      content[name] = expression();
      if (isNext(',')) take(',');
    }
    take('}');
    return content;
  }

  function list(end: string): unknown[] {
    const items: unknown[] = [];
    while (!isNext(end)) {
      items.push(expression());
      if (isNext(',')) take(',');
    }
    take(end);
    return items;
  }

  return body(undefined).blocks;
}

/** With references in it: a join of its parts. */
function textOf(token: string): unknown {
  const parts = token.slice(1, -1).split(/\$\{\s*([\w.]+)\s*\}/);
  if (parts.length === 1) return JSON.parse(token);
  return { 'Fn::Join': ['', parts.map((part, index) => (index % 2 === 0 ? part : { reference: part.split('.') }))] };
}

function tokensOf(text: string): string[] {
  const tokens: string[] = [];
  const token = new RegExp(TOKEN);
  while (token.lastIndex < text.length) {
    const begin = token.lastIndex;
    const match = token.exec(text);
    if (!match) throw new Error(`got ${JSON.stringify(text.slice(begin, begin + 20))}, which examples/emulated/hcl.ts does not read`);
    const [all, comment] = match;
    if (comment === undefined && all.trim() !== '') tokens.push(all);
  }
  return tokens;
}

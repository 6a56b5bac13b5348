import { ConfigurationError } from '../../errors';

/** Texts, names, texts between dollars, and PostgreSQL's parameters: whatever is quoted may hold anything. */
const TOKENS = /'(?:[^']|'')*'|"(?:[^"]|"")*"|\$([A-Za-z_]\w*)?\$[^]*?\$\1\$|\$(\d+)/g;

/** What may be taken for a parameter: a cast has two colons. */
const NAMED = /(?<!:):\w/;

/**
 * A statement with `$1` as the RDS Data API wants it, with `:p1`. Whether the service looks for parameters in quotes is
 * not documented, so that a name which has one is refused.
 *
 * @throws ConfigurationError
 */
export function withNamedParameters(text: string): string {
  return text.replace(TOKENS, (token: string, _tag: string | undefined, number: string | undefined) => {
    if (number !== undefined) return `:p${number}`;
    if (NAMED.test(token)) throw new ConfigurationError(`got ${token} in a statement: expected no colon before a letter or digit in names of tables, columns and types, since the RDS Data API may take that for a parameter; rename it, or connect without the Data API`);
    return token;
  });
}

import type { Finding } from '../../check';

/** https://en.wikipedia.org/wiki/ANSI_escape_code#Select_Graphic_Rendition_parameters */
const COLORS = { error: '\u001b[31m', warning: '\u001b[33m' } as const;
const PLAIN = '\u001b[0m';

export function report(findings: readonly Finding[], isColored: boolean): string {
  const count = (severity: Finding['severity']) => findings.filter((finding) => finding.severity === severity).length;
  const mark = (severity: Finding['severity']) => (isColored ? `${COLORS[severity]}${severity}${PLAIN}` : severity);
  const paragraphs = findings.map(({ severity, code, message, sql }) => [`${mark(severity)} ${code}: ${shown(message)}`, ...(sql === null ? [] : indented(shown(sql)))].join('\n'));
  const summary = findings.length === 0 ? 'The table fits.' : `${counted(count('error'), 'error')}, ${counted(count('warning'), 'warning')}.`;
  return [...paragraphs, summary].join('\n\n');
}

function counted(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}

function indented(sql: string): string[] {
  return sql.split('\n').map((line) => `    ${line}`);
}

/** Whoever may create a column could steer the terminal by its name. */
function shown(text: string): string {
  return text.replaceAll(/(?!\n)\p{Cc}/gu, '\ufffd');
}

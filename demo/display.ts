const INDENT = '   ';

/** Tells a person what happens, step by step. */
export class Display {
  private steps = 0;
  private hasGap = false;
  private readonly hasColour: boolean;

  constructor(private readonly stream: NodeJS.WriteStream) {
    this.hasColour = stream.isTTY && !process.env.NO_COLOR;
  }

  step(title: string): void {
    this.steps += 1;
    this.paragraph(this.styled(1, `${this.steps}  ${title}`));
  }

  detail(text: string): void {
    this.lines(`${INDENT}${text}`);
  }

  /** SQL, log lines: what is not ours to reword. */
  verbatim(text: string): void {
    this.paragraph(...text.trimEnd().split('\n').map((line) => `${INDENT}${this.styled(2, line)}`));
    this.gap();
  }

  /** As psql shows it. */
  row(row: Readonly<Record<string, string | null>>): void {
    const columns = Object.entries(row).map(([name, value]) => ({ name, value: value ?? 'null', width: Math.max(name.length, (value ?? 'null').length) }));
    this.paragraph(...[
      columns.map(({ name, width }) => ` ${name.padEnd(width)} `).join('|'),
      columns.map(({ width }) => '-'.repeat(width + 2)).join('+'),
      columns.map(({ value, width }) => ` ${value.padEnd(width)} `).join('|'),
    ].map((line) => `${INDENT}${line.trimEnd()}`));
  }

  end(text: string): void {
    this.paragraph(text);
  }

  private paragraph(...lines: readonly string[]): void {
    if (!this.hasGap) this.gap();
    this.lines(...lines);
  }

  private lines(...lines: readonly string[]): void {
    this.stream.write(`${lines.join('\n')}\n`);
    this.hasGap = false;
  }

  private gap(): void {
    this.stream.write('\n');
    this.hasGap = true;
  }

  private styled(style: number, text: string): string {
    return this.hasColour ? `\x1b[${style}m${text}\x1b[0m` : text;
  }
}

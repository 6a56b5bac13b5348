/** What must be undone at the end, last thing first. */
export class Cleanup {
  private readonly undo: (() => Promise<void>)[] = [];

  add(undo: () => Promise<void>): void {
    this.undo.push(undo);
  }

  /** Goes on where one thing fails. @returns the failures */
  async run(): Promise<Error[]> {
    const failures: Error[] = [];
    for (const undo of this.undo.splice(0).reverse()) await undo().catch((error) => failures.push(error));
    return failures;
  }
}

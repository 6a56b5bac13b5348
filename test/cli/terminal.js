/** Preloaded into Node.js, it has standard input pass for a terminal. */
process.stdin.isTTY = true;

/** The process behind `drop` of tcp-proxy.ts: listens, and is then stopped by its parent before it accepts anybody. */
const [port] = process.argv.slice(2).map(Number);
require('node:net').createServer().listen({ port, host: 'localhost', backlog: 1 }, () => process.send('listening'));
process.on('disconnect', () => process.exit());

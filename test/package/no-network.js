const { Socket } = require('node:net');

/** Preloaded into Node.js, it takes the network away: no connection leaves this process. */
Socket.prototype.connect = function connect() {
  process.nextTick(() => this.destroy(Object.assign(new Error('connect ENETUNREACH'), { code: 'ENETUNREACH' })));
  return this;
};

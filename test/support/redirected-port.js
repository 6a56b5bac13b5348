/**
 * Loaded into a function's process (`--require`) where the bundle connects to a fixed port: connections to REDIRECTED_PORT
 * go to REDIRECTED_TO instead, as a network may do it. Plain JavaScript, as it runs without a compiler.
 */
const net = require('node:net');

const { connect } = net;
net.connect = (options, ...more) => connect(String(options.port) === process.env.REDIRECTED_PORT ? { ...options, port: Number(process.env.REDIRECTED_TO) } : options, ...more);

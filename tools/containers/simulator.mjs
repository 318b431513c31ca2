// Runs in a container beside the stack that check.mjs brings up: simulated vendors on its loopback address, which the services
// that call vendors share, and their control API on an open port, for the check outside.
import '../../apps/vendor-simulator/dist/main.js';

import { connect, createServer } from 'node:net';

const inside = Number(process.env.SIMULATOR_CONTROL_PORT);
createServer((outer) => {
  const inner = connect(inside, '127.0.0.1');
  outer.pipe(inner).pipe(outer);
  outer.on('error', () => inner.destroy());
  inner.on('error', () => outer.destroy());
}).listen(Number(process.env.OPEN_CONTROL_PORT), '0.0.0.0');

import { createServer, type RequestListener, type Server } from 'node:http';

export interface Listening {
  readonly url: string;
  readonly port: number;
  /** Ends open connections, too: a hanging answer must not keep the process. */
  stop(): Promise<void>;
}

/** Binds to the loopback address only. @param port 0 takes any free one */
export async function listen(port: number, handler: RequestListener): Promise<Listening> {
  const server = createServer({ keepAliveTimeout: 65_000 }, handler);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no TCP address');
  return { url: `http://127.0.0.1:${address.port}`, port: address.port, stop: () => stop(server) };
}

function stop(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.close((error) => (error ? reject(error) : resolve()));
    server.closeAllConnections();
  });
}

import { createServer as createHttpServer, type RequestListener, type Server as HttpServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net';

/** Servers on loopback for one spec file, ended together. Counts what reaches them. */
export class LoopbackServers {
  private readonly servers: Server[] = [];
  private readonly sockets = new Set<Socket>();
  connections = 0;

  http(listener: RequestListener): Promise<string> {
    return this.listen(createHttpServer(listener), 'http');
  }

  https(options: { key: string; cert: string }, listener: RequestListener): Promise<string> {
    return this.listen(createHttpsServer(options, listener), 'https');
  }

  /** Answers every connection with these bytes after the first byte of the request, then ends it. */
  raw(answer: (socket: Socket) => void): Promise<string> {
    return this.listen(
      createTcpServer((socket) => {
        socket.on('error', () => undefined);
        socket.once('data', () => answer(socket));
      }),
      'http',
    );
  }

  async end(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await Promise.all(this.servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
  }

  private async listen(server: Server | HttpServer, scheme: string): Promise<string> {
    this.servers.push(server);
    server.on('connection', (socket: Socket) => {
      this.connections += 1;
      this.sockets.add(socket);
      socket.on('close', () => this.sockets.delete(socket));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }
}

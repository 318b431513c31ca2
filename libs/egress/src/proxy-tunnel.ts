import type { Socket } from 'node:net';

import { buildConnector, Client } from 'undici';

import { EgressError } from './egress.errors.js';

/**
 * The way out through an HTTP proxy that the operator configured (never taken from the environment). The name is
 * resolved and classified here and the proxy is asked for the address, so that it cannot lead elsewhere.
 */
export class ProxyTunnel {
  private readonly origin: string;
  private readonly authorization: string | null;

  /** @param proxyUrl http or https, with userinfo if the proxy asks for it */
  constructor(
    proxyUrl: string,
    private readonly connectTimeoutMs: number,
  ) {
    const url = URL.canParse(proxyUrl) ? new URL(proxyUrl) : null;
    if (url === null || !/^https?:$/.test(url.protocol)) {
      throw new EgressError(
        'invalid-request',
        'The proxy URL is not an http or https address. Correct the configuration.',
      );
    }
    this.origin = url.origin;
    const userinfo = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
    this.authorization = url.username === '' ? null : `Basic ${Buffer.from(userinfo).toString('base64')}`;
  }

  /** A connection to `address` for the target, encrypted end to end when the target is https. */
  async open(address: string, target: buildConnector.Options, tls: object): Promise<Socket> {
    const port = target.port || (target.protocol === 'https:' ? '443' : '80');
    const authority = `${address.includes(':') ? `[${address}]` : address}:${port}`;
    const tunnel = await this.connect(authority, target.hostname);
    if (target.protocol !== 'https:') return tunnel;
    const upgrade = buildConnector({ ...tls, timeout: this.connectTimeoutMs });
    return new Promise<Socket>((resolve, reject) => {
      upgrade({ ...target, httpSocket: tunnel }, (error, socket) =>
        socket ? resolve(socket) : reject(error ?? new Error('connect failed')),
      );
    });
  }

  private async connect(authority: string, host: string): Promise<Socket> {
    const proxy = new Client(this.origin, { connect: { timeout: this.connectTimeoutMs, rejectUnauthorized: true } });
    let reason = 'no connection';
    try {
      const headers = { host: authority, ...(this.authorization ? { 'proxy-authorization': this.authorization } : {}) };
      const signal = AbortSignal.timeout(this.connectTimeoutMs);
      const { statusCode, socket } = await proxy.connect({ path: authority, headers, signal });
      if (statusCode === 200) return socket as Socket;
      socket.destroy();
      reason = `status ${statusCode}`;
    } catch {
      // The error quotes the request with its authorization (N8).
    }
    await proxy.destroy();
    const message = `The configured proxy did not open a way to ${host} (${reason}). Check the proxy and its rules.`;
    throw new EgressError('unreachable', message, { host, reason: 'proxy' });
  }
}

import { Agent } from 'undici';

import { collectBody, decodeText } from './answer-body.js';
import { EgressError, egressErrorOf } from './egress.errors.js';
import { tlsOptions } from './pinned-connection.js';
import { answerHeaders } from './request-headers.js';

export interface ConfiguredHostOptions {
  /** `https://host:port`, of the configuration and of nowhere else: its address may be a private one. */
  readonly baseUrl: string;
  /** Certificate authorities (PEM) instead of the built-in ones. */
  readonly certificateAuthority?: string;
  readonly timeoutMs?: number;
}

export interface ConfiguredHostAnswer {
  readonly status: number;
  /** By lower-case name, without cookies. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

const usualTimeoutMs = 10_000;
const maxBytes = 256 * 1024;

/**
 * Asks one host that the operator of the installation configured, such as a server of keys or an identity provider. Unlike `EgressClient` it may
 * lie in a private network, so no part of its address may come from a user. Redirects are never followed.
 */
export class ConfiguredHost {
  readonly origin: string;
  private readonly host: string;
  private readonly agent: Agent;

  constructor(private readonly options: ConfiguredHostOptions) {
    const { origin, hostname } = new URL(options.baseUrl);
    this.origin = origin;
    this.host = hostname;
    const timeout = options.timeoutMs ?? usualTimeoutMs;
    this.agent = new Agent({ connections: 4, connect: { ...tlsOptions(options), timeout } });
  }

  /** @throws EgressError; retriable when asking again later may help */
  async request(given: {
    readonly method: 'GET' | 'POST';
    /** Begins with `/`. */
    readonly path: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body?: string;
  }): Promise<ConfiguredHostAnswer> {
    const timeoutMs = this.options.timeoutMs ?? usualTimeoutMs;
    const signal = AbortSignal.timeout(timeoutMs);
    try {
      const answer = await this.agent.request({ ...given, origin: this.origin, signal });
      answer.body.on('error', () => undefined);
      const limits = { host: this.host, maxBytes };
      const body = await collectBody(answer.body, answer.headers['content-length']?.toString(), limits);
      return { status: answer.statusCode, headers: answerHeaders(answer.headers), text: decodeText(body, this.host) };
    } catch (error) {
      if (signal.aborted) {
        const message = `${this.host} did not answer within ${timeoutMs} ms. Try again later.`;
        throw new EgressError('timeout', message, { host: this.host, timeoutMs });
      }
      throw egressErrorOf(error, this.host, 'request');
    }
  }

  close(): Promise<void> {
    return this.agent.destroy();
  }
}

import { Agent, type buildConnector, type Dispatcher } from 'undici';

import { collectBody, decodeBody, decodeText } from './answer-body.js';
import { awsSignature, type AwsSigning } from './aws-signature.js';
import { EgressError, egressErrorOf } from './egress.errors.js';
import { checkUrl, type UrlPolicy } from './egress-url.js';
import { HostList } from './host-list.js';
import { pinnedConnector, type Resolver, systemResolver } from './pinned-connection.js';
import { ProxyTunnel } from './proxy-tunnel.js';
import { answerHeaders, requestHeaders, requireMethod } from './request-headers.js';

export type { Resolver } from './pinned-connection.js';
export type { EgressMethod } from './request-headers.js';

export interface EgressOptions {
  /** Exact hosts and `*.suffix`; nothing else can be asked. IPv6 addresses in brackets. `withHosts` narrows or sets it. */
  readonly allowedHosts: readonly string[];
  /** Ports beside 443. */
  readonly ports?: readonly number[];
  /** Development: plain http. */
  readonly allowHttp?: boolean;
  /** Development: loopback addresses, on any port. Other private ranges stay refused. */
  readonly allowLoopback?: boolean;
  /** An HTTP proxy. The environment's proxy variables are not read. */
  readonly proxyUrl?: string;
  /** Most bytes of an answer, on the wire and decompressed; 64 MB. */
  readonly maxBytes?: number;
  /** From the call to the last byte; 120 s. */
  readonly timeoutMs?: number;
  /** From the call to the headers of the answer; 30 s. */
  readonly headersTimeoutMs?: number;
  /** Kept-alive connections per origin; 16. */
  readonly connectionsPerOrigin?: number;
  /** Certificate authorities (PEM) instead of the built-in ones. */
  readonly certificateAuthority?: string;
  /** Epoch milliseconds for `askedAt`; this machine's wall clock unless given. */
  readonly clock?: () => number;
  /** Names to addresses; the system's resolver unless given. */
  readonly resolver?: Resolver;
}

export interface EgressRequest {
  /** GET, HEAD, POST, PUT, PATCH or DELETE. */
  readonly method: string;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  readonly timeoutMs?: number;
  readonly maxBytes?: number;
  readonly signal?: AbortSignal;
  /** Signed by AWS Signature Version 4 as it leaves. */
  readonly sign?: AwsSigning;
}

export interface EgressAnswer {
  readonly status: number;
  /** By lower-case name, without cookies. */
  readonly headers: Readonly<Record<string, string>>;
  /** Body as UTF-8 text, complete and without byte-order mark. */
  readonly text: string;
  /** Length of the body after decompression. */
  readonly bytes: number;
  /** Epoch milliseconds when the request was sent (A9). */
  readonly askedAt: number;
}

const defaults = {
  maxBytes: 64 * 1024 * 1024,
  timeoutMs: 120_000,
  headersTimeoutMs: 30_000,
  connectTimeoutMs: 10_000,
  connectionsPerOrigin: 16,
  maxHeaderSize: 64 * 1024,
} as const;

type Limits = Required<Pick<EgressOptions, 'maxBytes' | 'timeoutMs' | 'headersTimeoutMs'>>;

/**
 * The only way out (architecture 8, P27). Every status but a redirect is an answer; everything that keeps an answer
 * from being complete and readable is an `EgressError`.
 */
export class EgressClient {
  private constructor(
    private readonly agent: Agent,
    private readonly connect: buildConnector.connector,
    private readonly policy: UrlPolicy,
    private readonly limits: Limits,
    private readonly clock: () => number,
  ) {}

  static create(options: EgressOptions): EgressClient {
    const { allowLoopback = false, certificateAuthority, proxyUrl } = options;
    const connect = pinnedConnector({
      resolver: options.resolver ?? systemResolver,
      allowLoopback,
      connectTimeoutMs: defaults.connectTimeoutMs,
      certificateAuthority,
      proxy: proxyUrl === undefined ? undefined : new ProxyTunnel(proxyUrl, defaults.connectTimeoutMs),
    });
    const agent = new Agent({
      connections: options.connectionsPerOrigin ?? defaults.connectionsPerOrigin,
      maxHeaderSize: defaults.maxHeaderSize,
      pipelining: 1,
      // Both deadlines are kept here: theirs tick in whole seconds and an idle timer never sees a trickle (V6).
      headersTimeout: 0,
      bodyTimeout: 0,
      connect,
    });
    const policy: UrlPolicy = {
      hosts: new HostList(options.allowedHosts),
      ports: new Set(options.ports ?? []),
      allowHttp: options.allowHttp ?? false,
      allowLoopback,
    };
    const { maxBytes, timeoutMs, headersTimeoutMs } = { ...defaults, ...definedOnly(options) };
    return new EgressClient(
      agent,
      connect,
      policy,
      { maxBytes, timeoutMs, headersTimeoutMs },
      options.clock ?? Date.now,
    );
  }

  /** A client for exactly these hosts that shares connections and limits with this one. */
  withHosts(allowedHosts: readonly string[]): EgressClient {
    const policy = { ...this.policy, hosts: new HostList(allowedHosts) };
    return new EgressClient(this.agent, this.connect, policy, this.limits, this.clock);
  }

  /** Ends all connections, also of clients made by `withHosts`. Requests under way fail. */
  close(): Promise<void> {
    return this.agent.destroy();
  }

  /**
   * Connects to the host of a URL, shakes hands where it is https, and sends nothing.
   * @throws EgressError
   */
  async probe(text: string): Promise<void> {
    const url = checkUrl(text, this.policy);
    const { hostname, host, protocol, port } = url;
    await new Promise<void>((resolve, reject) => {
      this.connect({ hostname, host, protocol, port }, (error, socket) => {
        socket?.destroy();
        if (error === null) resolve();
        else reject(egressErrorOf(error, hostname, 'request'));
      });
    });
  }

  /** @throws EgressError */
  async request(request: EgressRequest): Promise<EgressAnswer> {
    const url = checkUrl(request.url, this.policy);
    const headers = requestHeaders(request.headers ?? {});
    const deadline = new Deadline(url.hostname, request, this.limits);
    try {
      const askedAt = this.clock();
      const { method, body = '', sign } = request;
      const at = new Date(askedAt);
      const signature = sign === undefined ? {} : awsSignature({ method, url, headers, body, at }, sign);
      const answer = await this.send(url, { ...headers, ...signature }, request, deadline);
      return { ...(await this.read(answer, url.hostname, request, deadline)), askedAt };
    } finally {
      deadline.end();
    }
  }

  private async send(
    url: URL,
    headers: Record<string, string>,
    request: EgressRequest,
    deadline: Deadline,
  ): Promise<Dispatcher.ResponseData> {
    try {
      const answer = await this.agent.request({
        origin: url.origin,
        path: `${url.pathname}${url.search}`,
        method: requireMethod(request.method),
        headers,
        body: request.body,
        signal: deadline.signal,
      });
      deadline.headersArrived();
      return answer;
    } catch (error) {
      throw egressErrorOf(deadline.reason ?? error, url.hostname, 'request');
    }
  }

  private async read(
    answer: Dispatcher.ResponseData,
    host: string,
    request: EgressRequest,
    deadline: Deadline,
  ): Promise<Omit<EgressAnswer, 'askedAt'>> {
    const headers = answerHeaders(answer.headers);
    // Destroying the body below reports the abort as an error of the stream, which nobody else listens to.
    answer.body.on('error', () => undefined);
    try {
      refuseRedirect(answer.statusCode, host);
      const limits = { host, maxBytes: request.maxBytes ?? this.limits.maxBytes };
      const hasBody = request.method !== 'HEAD' && answer.statusCode !== 204;
      const sent = await collectBody(answer.body, hasBody ? headers['content-length'] : undefined, limits);
      const body = await decodeBody(sent, headers['content-encoding'], limits);
      deadline.signal.throwIfAborted();
      return { status: answer.statusCode, headers, text: decodeText(body, host), bytes: body.length };
    } catch (error) {
      answer.body.destroy();
      throw egressErrorOf(deadline.reason ?? error, host, 'answer');
    }
  }
}

/** No redirect is followed: it would carry headers with secrets to where the vendor, or somebody else, points (N1, V21). */
function refuseRedirect(status: number, host: string): void {
  if (status < 300 || status > 399) return;
  const message = `${host} answered with a redirect (${status}), which is never followed. Set the base URL to where it leads, if that is right.`;
  throw new EgressError('redirected', message, { host, status });
}

function definedOnly(options: EgressOptions): Partial<EgressOptions> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

/** Ends a request for the caller, for the headers that do not come, or for the whole that takes too long (V6). */
class Deadline {
  private readonly controller = new AbortController();
  private readonly whole: NodeJS.Timeout;
  private readonly headers: NodeJS.Timeout;
  private readonly onAbort: () => void;

  constructor(
    host: string,
    private readonly request: EgressRequest,
    limits: Limits,
  ) {
    const timeoutMs = request.timeoutMs ?? limits.timeoutMs;
    const headersMs = Math.min(limits.headersTimeoutMs, timeoutMs);
    this.whole = setTimeout(() => this.controller.abort(timeout(host, 'a complete answer', timeoutMs)), timeoutMs);
    this.headers = setTimeout(() => this.controller.abort(timeout(host, 'an answer', headersMs)), headersMs);
    this.onAbort = () =>
      this.controller.abort(new EgressError('aborted', `The request to ${host} was ended by its caller.`, { host }));
    if (request.signal?.aborted) this.onAbort();
    else request.signal?.addEventListener('abort', this.onAbort, { once: true });
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** Why the request was ended from this side, null while it was not. */
  get reason(): unknown {
    return this.signal.aborted ? this.signal.reason : null;
  }

  headersArrived(): void {
    clearTimeout(this.headers);
  }

  end(): void {
    clearTimeout(this.whole);
    clearTimeout(this.headers);
    this.request.signal?.removeEventListener('abort', this.onAbort);
  }
}

function timeout(host: string, what: string, ms: number): EgressError {
  const message = `${host} did not give ${what} within ${ms} ms, so the request was ended. Try again later.`;
  return new EgressError('timeout', message, { host, timeoutMs: ms });
}

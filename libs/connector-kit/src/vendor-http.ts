import { type ConnectorManifest, type LeaseMaterial } from '@rollcall/contracts';

import { credentialRefused, statusFailure, transportFailure } from './answer-failure.js';
import { authorizationOf, type Authorized, withoutSecrets } from './authorization.js';
import { type VendorAnswer, type VendorHttp, type VendorRequest } from './connector.js';
import {
  type EgressAnswer,
  type EgressPort,
  type EgressRequest,
  type Pacing,
  type RateBudgetPort,
  systemPacing,
} from './ports.js';
import { VendorError } from './vendor-error.js';
import { checkCursorUrl, joinVendorUrl } from './vendor-url.js';
import { backoffMs, maxRetryAfterMs, retryAfterMs } from './waiting.js';

export interface VendorHttpOptions {
  readonly egress: EgressPort;
  readonly budget: RateBudgetPort;
  readonly manifest: ConnectorManifest;
  /** The lease as it is now; asked before every request, so that a renewed one is used at once. */
  readonly lease: () => LeaseMaterial | Promise<LeaseMaterial>;
  /**
   * Asks for another secret or token after the vendor refused that material (G4): a newer one, or the one of before while
   * that is still valid. Null, or the same versions again, means there is none. Called at most once per request; from then
   * on `lease` gives what it answered.
   */
  readonly onUnauthorized?: (refused: LeaseMaterial) => Promise<LeaseMaterial | null>;
  /** Told of the material under which the vendor answered. */
  readonly onAccepted?: (accepted: LeaseMaterial) => void;
  readonly pacing?: Pacing;
  readonly signal?: AbortSignal;
  /** Whole exchange of one request, 120 s unless said (V6). */
  readonly timeoutMs?: number;
  /** Decompressed body, 64 MB unless said (V17). */
  readonly maxBytes?: number;
  /** Counts what is asked, and how long was waited before asking. */
  readonly meter?: VendorMeter;
  /** A failure is told at once instead of waiting and asking again: a person waits, and can ask again. */
  readonly isHurried?: boolean;
}

/** Told of every request before it is sent, and of every wait behind it. */
export interface VendorMeter {
  called(): void;
  /** Told of a pause before it begins, in milliseconds. */
  pausing?(ms: number): void;
  waited(ms: number): void;
}

/** A read is asked again this often after a passing failure (V4, V7) … */
const maxRetries = 5;
/** … and this often after "too many requests" before the run gives up (V2). */
const maxRateLimited = 8;

interface Sent {
  readonly answer: EgressAnswer | null;
  readonly failure: VendorError | null;
}

interface Tries {
  failed: number;
  limited: number;
  renewed: boolean;
}

function startsLikeJson(text: string): boolean {
  return /^[\s\uFEFF]*[[{"]/.test(text.slice(0, 200));
}

class AuthorizedHttp implements VendorHttp {
  private readonly pacing: Pacing;

  constructor(private readonly options: VendorHttpOptions) {
    this.pacing = options.pacing ?? systemPacing;
  }

  async request(request: VendorRequest): Promise<VendorAnswer> {
    const tries: Tries = { failed: 0, limited: 0, renewed: false };
    for (;;) {
      this.checkAborted();
      const lease = await this.options.lease();
      const egressRequest = this.prepare(request, lease);
      await this.metered(() => this.options.budget.take());
      this.checkAborted();
      this.options.meter?.called();
      const { answer, failure } = await this.send(egressRequest, lease);
      if (failure === null && answer !== null) {
        this.options.onAccepted?.(lease);
        return answer;
      }
      if (failure === null) throw new Error('an exchange ended without answer and without reason');
      if (!(await this.mayGoOn(request, failure, answer, tries, lease))) throw failure;
    }
  }

  /** Decides on a failure and does the waiting; true = ask again. */
  private async mayGoOn(
    request: VendorRequest,
    failure: VendorError,
    answer: EgressAnswer | null,
    tries: Tries,
    lease: LeaseMaterial,
  ): Promise<boolean> {
    // A 401 and a 429 say that nothing was done, yet only the first is asked again for an action: its wait is short.
    if (failure.code === 'vendor-auth-rejected') return this.renew(tries, lease);
    if (failure.code === 'vendor-rate-limited') return this.waitForRate(request, failure, answer, tries);
    // Whether a call that acts took place is not known after a failure; asking again could do it twice (P15).
    if (request.operation === 'action' || this.options.isHurried === true) return false;
    if (!failure.retriable || tries.failed >= maxRetries) return false;
    const asked = retryAfterMs(answer?.headers['retry-after'], this.pacing.now());
    if (asked !== null && asked > maxRetryAfterMs) return false;
    const backoff = backoffMs(tries.failed, this.pacing.random());
    tries.failed += 1;
    await this.pause(Math.max(asked ?? 0, backoff));
    return true;
  }

  private async renew(tries: Tries, lease: LeaseMaterial): Promise<boolean> {
    if (tries.renewed || this.options.onUnauthorized === undefined) return false;
    tries.renewed = true;
    // Another request under way may have brought the other secret already (V18).
    if (!isSame(await this.options.lease(), lease)) return true;
    const other = await this.options.onUnauthorized(lease);
    return other !== null && !isSame(other, lease);
  }

  private async waitForRate(
    request: VendorRequest,
    failure: VendorError,
    answer: EgressAnswer | null,
    tries: Tries,
  ): Promise<boolean> {
    const now = this.pacing.now();
    const asked = retryAfterMs(answer?.headers['retry-after'], now);
    // Full jitter alone may come out as nothing, and "too many" must always mean some pause.
    const wait = asked ?? Math.max(1000, backoffMs(tries.limited, this.pacing.random()));
    await this.options.budget.notBefore(now + wait);
    tries.limited += 1;
    const isEnough = request.operation === 'action' || this.options.isHurried === true;
    if (isEnough || wait > maxRetryAfterMs || tries.limited > maxRateLimited) {
      throw new VendorError('vendor-rate-limited', failure.message, {
        retriable: true,
        details: { status: 429, retryAt: now + wait },
      });
    }
    await this.pause(wait);
    return true;
  }

  private prepare(request: VendorRequest, lease: LeaseMaterial): EgressRequest {
    const { headers, query, body, sign } = authorizationOf(this.options.manifest, lease);
    const json = withFields(request.json ?? null, body);
    return {
      method: request.method,
      url: this.urlOf(request, lease, query),
      headers: {
        accept: 'application/json',
        ...(json === null ? {} : { 'content-type': 'application/json' }),
        ...lowerCased(request.headers ?? {}),
        ...headers,
      },
      ...(json === null ? {} : { body: JSON.stringify(json) }),
      ...(sign === null ? {} : { sign }),
      timeoutMs: this.options.timeoutMs ?? 120_000,
      maxBytes: this.options.maxBytes ?? 64 * 1024 * 1024,
      ...(this.options.signal === undefined ? {} : { signal: this.options.signal }),
    };
  }

  private urlOf(request: VendorRequest, lease: LeaseMaterial, query: Readonly<Record<string, string>>): string {
    if (request.url === undefined) {
      return joinVendorUrl(lease.baseUrl, request.path ?? '', { ...request.query, ...query });
    }
    const url = new URL(checkCursorUrl(lease.baseUrl, request.url));
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    return url.href;
  }

  private async send(request: EgressRequest, lease: LeaseMaterial): Promise<Sent> {
    const { egress, manifest } = this.options;
    try {
      const answer = await egress.request(request);
      const text = withoutSecrets(answer, manifest, lease);
      const failure = this.isRefusedInWords(text)
        ? credentialRefused(manifest.name, answer)
        : statusFailure(manifest.name, answer);
      return { answer: { ...answer, text }, failure };
    } catch (thrown) {
      const failure = transportFailure(manifest.name, thrown);
      if (failure === null) throw thrown;
      return { answer: null, failure };
    }
  }

  /** Some vendors refuse a credential with status 200 and a text that is no data (V8). */
  private isRefusedInWords(text: string): boolean {
    const words = this.options.manifest.credentialRefusedText;
    return words !== undefined && text.length < 10_000 && !startsLikeJson(text) && text.includes(words);
  }

  private pause(ms: number): Promise<void> {
    this.options.meter?.pausing?.(ms);
    return this.metered(() => this.pacing.sleep(ms, this.options.signal));
  }

  private async metered(wait: () => Promise<void>): Promise<void> {
    const { meter } = this.options;
    if (meter === undefined) return wait();
    const from = this.pacing.now();
    try {
      await wait();
    } finally {
      meter.waited(this.pacing.now() - from);
    }
  }

  private checkAborted(): void {
    if (this.options.signal?.aborted) {
      throw new VendorError('vendor-call-aborted', `${this.options.manifest.name} was not called: the caller stopped.`);
    }
  }
}

function isSame(one: LeaseMaterial, other: LeaseMaterial): boolean {
  return one.secretVersion === other.secretVersion && one.tokenVersion === other.tokenVersion;
}

function withFields(json: unknown, fields: Authorized['body']): unknown {
  if (Object.keys(fields).length === 0) return json;
  return { ...(json as object | null), ...fields };
}

function lowerCased(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

/**
 * HTTP to one vendor under one credential. Adds authorization as the manifest places it, takes one token of the rate
 * budget per request, repeats reads (`list`, `get`, `check`, whatever their method) after passing failures, never
 * repeats an `action` except after a 401 with another secret, and keeps requests below the credential's base URL.
 *
 * `request` returns answers with status 2xx and those 4xx that only the caller can judge (404, 409, 400 …); it throws
 * `VendorError` for the rest. `details.status` holds the status, `details.retryAt` (epoch milliseconds) the end of a
 * rate limit that was too long to wait for.
 */
export function createVendorHttp(options: VendorHttpOptions): VendorHttp {
  return new AuthorizedHttp(options);
}

/** What each request is signed with: AWS Signature Version 4. */
export interface AwsSigning {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Empty where the credentials are not temporary. */
  readonly sessionToken: string;
  readonly region: string;
  readonly service: string;
}

/** A request as it leaves: whole URL, every header, body as text. */
export interface EgressRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Milliseconds for the whole exchange, trickling bodies included (V6). */
  readonly timeoutMs?: number;
  /** Limit of the decompressed body in bytes (V17). */
  readonly maxBytes?: number;
  readonly signal?: AbortSignal;
  /** Signed where it leaves, when nothing of it changes any more. */
  readonly sign?: AwsSigning;
}

export interface EgressAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  /** Epoch milliseconds when the request was sent. */
  readonly askedAt: number;
}

/**
 * The way out as this lib needs it; the client of the egress lib fits. Failures are `AppError`s whose `code` is one of
 * `EgressFailure`; everything else that is thrown is passed on unchanged as a defect.
 */
export interface EgressPort {
  request(request: EgressRequest): Promise<EgressAnswer>;
}

/** The budget that all users of one credential share (G5). */
export interface RateBudgetPort {
  /** Resolves when one request may be made; never before a `notBefore` set by anybody. */
  take(): Promise<void>;
  /** Nobody calls this vendor with this credential before that instant. */
  notBefore(epochMs: number): Promise<void>;
}

/** Time and chance, given from outside so that tests decide both. */
export interface Pacing {
  now(): number;
  /** Resolves after `ms`, at once when `signal` aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Uniform in [0, 1). */
  random(): number;
}

export const systemPacing: Pacing = {
  now: () => Date.now(),
  random: () => Math.random(),
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const done = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      signal?.addEventListener('abort', done, { once: true });
    }),
};

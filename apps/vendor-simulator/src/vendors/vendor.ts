import type { AccountShape } from '../company/account.js';
import type { CompanyClock } from '../company/clock.js';
import type { Directory } from '../company/directory.js';
import type { Random } from '../company/random.js';

/** `token`: a request for an access token. */
export type Operation = 'list' | 'get' | 'action' | 'token' | 'other';

export type EffectName =
  | 'create'
  | 'update'
  | 'disable'
  | 'enable'
  | 'unlock'
  | 'expire'
  | 'remove'
  | 'delete'
  | 'uninvite'
  | 'reinvite'
  | 'reset-password'
  | 'reset-mfa'
  | 'activate';

/** What a request did to one account, named by the vendor's immutable id. */
export interface Effect {
  readonly effect: EffectName;
  readonly id: string;
  readonly username: string;
}

export interface VendorRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  /** Path and query as they were sent, every character. */
  readonly target: string;
  /** Value of a header, by lower-case name. */
  header(name: string): string | undefined;
  readonly body: string;
}

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly effects?: readonly Effect[];
}

/** How a fault bends a listing. */
export interface ListBend {
  /** Serve no users, keep the totals. */
  readonly empty?: true;
  /** Serve the page before this one again. */
  readonly previousPage?: true;
  readonly total?: number;
}

/** A vendor's own limit, as a token bucket. */
export interface RateLimit {
  /** Requests per second that come back into the bucket. */
  readonly perSecond: number;
  /** Requests that a full bucket holds. */
  readonly burst: number;
}

/** A request understood but not yet executed. */
export interface Call {
  readonly operation: Operation;
  /** The vendor's own word for it: `deluser`, `POST /systemusers/{id}/unlock`. */
  readonly command: string;
  /** Page of a listing, counted from one. */
  readonly page?: number;
  /** Whom it is about, as the vendor names them. */
  readonly target?: string;
  readonly authOk: boolean;
  /** Query for the ledger: only parameters known to hold no secret. */
  readonly safeQuery: string;
  execute(bend: ListBend): Reply;
}

export interface VendorApi {
  understand(request: VendorRequest): Call;
  authError(): Reply;
  /** An error reply in the vendor's form. */
  failure(status: number): Reply;
  /** 429 when the vendor's own limit is met, `waitMs` before the next token; without it `failure(429)`. */
  overLimit?(waitMs: number): Reply;
}

export interface VendorContext<Credentials> {
  readonly directory: Directory;
  readonly clock: CompanyClock;
  readonly random: Random;
  readonly credentials: Credentials;
  /** Real time in epoch milliseconds, by which access tokens end; tests give their own. */
  now(): number;
  /** Life of an access token, as the settings say at this moment. */
  tokenLifeSeconds(): number;
  /** Origin and path prefix under which this vendor is reached now, for full URLs in answers. */
  origin(request: VendorRequest): string;
}

/** One vendor: how it writes users down and how it answers. Its folder is all there is about it. */
export interface Vendor<Credentials extends Readonly<Record<string, string>> = Readonly<Record<string, string>>> {
  readonly id: string;
  /** Test values; overridden by `SIMULATOR_<VENDOR>_<NAME>`. */
  readonly defaultCredentials: Credentials;
  readonly shape: AccountShape;
  /** The documented limit per credential; absent where none is published. */
  readonly rateLimit?: RateLimit;
  createApi(context: VendorContext<Credentials>): VendorApi;
}

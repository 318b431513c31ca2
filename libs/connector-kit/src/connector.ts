import { type ConnectorManifest, errorText, type RawUser } from '@rollcall/contracts';

import { parsePath } from './record-path.js';

/**
 * A request to the vendor. `path` is below the credential's base URL; a cursor that the vendor gave as a full URL goes
 * into `url` and must stay on the same origin (V22). Authorization is added below this interface: a connector never
 * sees a secret.
 */
export interface VendorRequest {
  readonly operation: 'list' | 'get' | 'action' | 'check';
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path?: string;
  readonly url?: string;
  readonly query?: Readonly<Record<string, string | number>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. Fields of a `body` auth placement are merged in on top. */
  readonly json?: unknown;
}

export interface VendorAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Body as UTF-8 text; invalid UTF-8 has already been refused (V10). */
  readonly text: string;
  /** Epoch milliseconds when the request was sent (A9, header `t`). */
  readonly askedAt: number;
}

/** HTTP to one vendor under one credential: authorization, limits, retries, rate budget and egress policy included. */
export interface VendorHttp {
  request(request: VendorRequest): Promise<VendorAnswer>;
}

export interface ConnectorContext {
  readonly http: VendorHttp;
  /** Non-secret inputs of the integration. */
  readonly inputs: Readonly<Record<string, string>>;
  readonly load: string;
  /**
   * Top-level properties that the integration's mapping reads, those of the manifest or others (R76). A vendor that
   * answers only what was asked for by name is asked for these as well; absent: those of the manifest.
   */
  readonly properties?: readonly string[];
  readonly signal?: AbortSignal;
}

export interface UserPage {
  readonly users: readonly RawUser[];
  /** Epoch milliseconds when the page was asked for. */
  readonly askedAt: number;
  /** The vendor's terminal marker of its pagination was on this page (evidence a). */
  readonly last: boolean;
  /** Total stated by the vendor on this page, null where it states none (evidence b). */
  readonly total: number | null;
  /** Digest of the page's content, to find repeated pages (evidence c, V13). */
  readonly digest: string;
}

/** Answer to "who is this?": found with the user's record, or gone by the vendor's definite word. */
export type UserAnswer =
  { readonly kind: 'found'; readonly user: RawUser } | { readonly kind: 'gone'; readonly text: string };

/** How a user is asked for: by immutable id where the vendor has such a call, else by name with the id compared. */
export interface UserReference {
  readonly vendorId: string;
  readonly username: string | null;
}

export interface Connector {
  readonly manifest: ConnectorManifest;
  /** Pages of the whole listing, in the vendor's order. Throws `VendorError` when an answer cannot be trusted. */
  listUsers(context: ConnectorContext): AsyncIterable<UserPage>;
  /** One user by reference. Throws `VendorError` when the answer is not definite. */
  getUser(context: ConnectorContext, reference: UserReference): Promise<UserAnswer>;
  /**
   * Tries the credential with the cheapest read, and with it what the vendor judges of load and inputs (a filter, R59).
   * Throws `VendorError` with the vendor's reason.
   */
  check(context: ConnectorContext): Promise<void>;
  /** What is wrong with the inputs of a load without asking the vendor, one sentence each. Absent: nothing to judge. */
  inputProblems?(load: string, inputs: Readonly<Record<string, string>>): readonly string[];
}

/** Checks at load time what types cannot, so that a broken connector fails before its first run. */
export function defineConnector(connector: Connector): Connector {
  const { manifest } = connector;
  for (const path of pathsOf(manifest)) checkPath(manifest.id, path);
  const paths = new Set(manifest.fields.map((field) => field.path));
  for (const { from } of manifest.defaultMapping.entries) {
    if (from.kind !== 'field') continue;
    const unknown = [from.path, from.fallbackPath].find((path) => path !== undefined && !paths.has(path));
    if (unknown === undefined) continue;
    throw new Error(`${manifest.id}: the default mapping reads ${unknown}, which is no field of the manifest`);
  }
  return connector;
}

/** Every path of a manifest: a wrong one would never fit an answer, and nobody would notice. */
function pathsOf({ fields, presets, rolePresets }: ConnectorManifest): string[] {
  return [
    ...fields.map(({ path }) => path),
    ...rolePresets.flatMap(({ role }) => (role.origin === 'vendor' ? [role.path] : [])),
    ...presets.flatMap(({ messagePaths, rules, confirmedWhen }) => [
      ...messagePaths,
      ...rules.flatMap(({ field, present }) => [field?.path, present].filter((path) => path !== undefined)),
      ...(confirmedWhen !== null && 'field' in confirmedWhen ? [confirmedWhen.field] : []),
    ]),
  ];
}

function checkPath(id: string, path: string): void {
  try {
    parsePath(path);
  } catch (error) {
    throw new Error(`${id}: ${errorText(error)}`, { cause: error });
  }
}

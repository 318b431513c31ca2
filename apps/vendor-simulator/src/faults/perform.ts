import { gzipSync } from 'node:zlib';

import type { Mutation } from '../company/mutations.js';
import type { Call, ListBend, Reply, VendorApi } from '../vendors/vendor.js';
import type { Fault } from './fault.js';

/** What is finally done to the connection. */
export type Outcome =
  /** Send; with `promisedBytes` the connection is reset once the shorter body is out. */
  | { readonly kind: 'send'; readonly reply: Reply; readonly body: Buffer; readonly promisedBytes?: number }
  | { readonly kind: 'reset'; readonly reply?: Reply }
  | { readonly kind: 'hang' };

export interface Environment {
  readonly api: VendorApi;
  mutate(mutations: readonly Mutation[]): void;
}

const LOGIN_PAGE =
  '<!DOCTYPE html>\n<html><head><title>Sign in</title></head><body><form>Please sign in</form></body></html>\n';

const encoders: Readonly<Record<Extract<Fault, { kind: 'encoding' }>['encoding'], (text: string) => Buffer>> = {
  utf8: (text) => Buffer.from(text),
  'utf8-bom': (text) => Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(text)]),
  utf16le: (text) => Buffer.from(text, 'utf16le'),
  // A lone continuation byte in the middle of the text.
  invalid: (text) => {
    const bytes = Buffer.from(text);
    const middle = Math.floor(bytes.length / 2);
    return Buffer.concat([bytes.subarray(0, middle), Buffer.from([0x80]), bytes.subarray(middle)]);
  },
};

type Kind = Fault['kind'];
type Performers = { [K in Kind]: (fault: Extract<Fault, { kind: K }>, call: Call, env: Environment) => Outcome };

const performers: Performers = {
  status: (fault, _call, { api }) => {
    const reply = api.failure(fault.status);
    return send({ ...reply, headers: { ...reply.headers, ...fault.headers }, body: fault.body ?? reply.body });
  },
  'auth-error': (_fault, _call, { api }) => send(api.authError()),
  'rate-limit': (fault, _call, { api }) => send(rateLimited(api, fault.retryAfter)),
  html: () => send({ status: 200, headers: { 'content-type': 'text/html; charset=utf-8' }, body: LOGIN_PAGE }),
  body: ({ body, contentType = 'application/json', status = 200 }) =>
    send({ status, headers: { 'content-type': contentType }, body }),
  encoding: ({ encoding, contentType, headers }, call) => {
    const { reply } = send(call.execute({}));
    const type: Record<string, string> = contentType === undefined ? {} : { 'content-type': contentType };
    const changed = { ...reply, headers: { ...reply.headers, ...type, ...headers } };
    return { kind: 'send', reply: changed, body: encoders[encoding](reply.body) };
  },
  rewrite: ({ pattern, replacement }, call) => {
    const reply = call.execute({});
    return send({ ...reply, body: reply.body.replaceAll(new RegExp(pattern, 'g'), replacement) });
  },
  inflate: ({ bytes, packed }, call) => {
    const { reply, body } = send(call.execute({}));
    const whole = Buffer.concat([body, Buffer.alloc(Math.max(0, bytes - body.length), ' ')]);
    if (!packed) return { kind: 'send', reply, body: whole };
    const headers = { ...reply.headers, 'content-encoding': 'gzip' };
    return { kind: 'send', reply: { ...reply, headers }, body: gzipSync(whole) };
  },
  reset: () => ({ kind: 'reset' }),
  hang: () => ({ kind: 'hang' }),
  // The pause itself is the connection's business.
  delay: (_fault, call) => send(call.execute({})),
  'reply-lost': (_fault, call) => ({ kind: 'reset', reply: call.execute({}) }),
  'cut-body': ({ bytes, clean }, call) => {
    const whole = send(call.execute({}));
    const body = whole.body.subarray(0, bytes ?? Math.floor(whole.body.length / 2));
    return clean ? { ...whole, body } : { ...whole, body, promisedBytes: whole.body.length };
  },
  'gzip-cut': (_fault, call) => {
    const { reply } = send(call.execute({}));
    const packed = gzipSync(reply.body);
    const headers = { ...reply.headers, 'content-encoding': 'gzip' };
    return { kind: 'send', reply: { ...reply, headers }, body: packed.subarray(0, Math.floor(packed.length / 2)) };
  },
  'empty-page': (_fault, call) => bent(call, { empty: true }),
  'duplicate-page': (_fault, call) => bent(call, { previousPage: true }),
  total: ({ total }, call) => bent(call, { total }),
  mutate: ({ mutations }, call, env) => {
    env.mutate(mutations);
    return send(call.execute({}));
  },
};

/** Executes a call as far as its fault lets it, and says what becomes of the reply. */
export function perform(call: Call, fault: Fault | null, env: Environment): Outcome {
  if (!fault) return send(call.execute({}));
  const performer = performers[fault.kind] as (fault: Fault, call: Call, env: Environment) => Outcome;
  return performer(fault, call, env);
}

/** 429 in the vendor's form. */
export function rateLimited(api: VendorApi, retryAfter?: string | number): Reply {
  const reply = api.failure(429);
  return retryAfter === undefined
    ? reply
    : { ...reply, headers: { ...reply.headers, 'retry-after': String(retryAfter) } };
}

export function send(reply: Reply): Extract<Outcome, { kind: 'send' }> {
  return { kind: 'send', reply, body: Buffer.from(reply.body) };
}

function bent(call: Call, bend: ListBend): Outcome {
  return send(call.execute(bend));
}

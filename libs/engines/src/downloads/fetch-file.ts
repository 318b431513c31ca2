import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import { EnvHttpProxyAgent, fetch } from 'undici';

import { trustedCertificates } from './trusted-certificates.js';

export interface FetchFileOptions {
  url: string;
  path: string;
  env: NodeJS.ProcessEnv;
  /** The address must answer within this time; the body may then take `bodyMs`. */
  answerMs?: number;
  bodyMs?: number;
  onBytes?: (bytes: number) => void;
}

/**
 * Downloads one file over HTTP(S), through the proxy that HTTPS_PROXY, HTTP_PROXY and NO_PROXY name.
 * @throws Error with the reason in words
 */
export async function fetchFile({ url, path, env, answerMs = 30_000, bodyMs = 600_000, onBytes }: FetchFileOptions) {
  const tls = { ca: trustedCertificates(env) };
  const dispatcher = new EnvHttpProxyAgent({ ...proxies(env), connect: tls, requestTls: tls, proxyTls: tls });
  const abort = new AbortController();
  let timer = setTimeout(() => abort.abort(new Error(`no answer within ${answerMs / 1000} s`)), answerMs);
  try {
    const response = await fetch(url, { dispatcher, signal: abort.signal });
    clearTimeout(timer);
    timer = setTimeout(() => abort.abort(new Error(`not complete within ${bodyMs / 1000} s`)), bodyMs);
    if (!response.ok || !response.body) throw new Error(`the address answered with status ${response.status}`);
    const body = Readable.fromWeb(response.body);
    if (onBytes) body.on('data', (chunk: Uint8Array) => onBytes(chunk.byteLength));
    await pipeline(body, createWriteStream(path));
  } catch (error) {
    throw new Error(reasonOf(error), { cause: error });
  } finally {
    clearTimeout(timer);
    await dispatcher.close();
  }
}

const proxies = (env: NodeJS.ProcessEnv) => ({
  httpProxy: env.http_proxy ?? env.HTTP_PROXY,
  httpsProxy: env.https_proxy ?? env.HTTPS_PROXY,
  noProxy: env.no_proxy ?? env.NO_PROXY,
});

/** undici hides the reason ("ENOTFOUND", "ECONNREFUSED") behind "fetch failed". */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  return cause instanceof Error && cause.message !== '' ? cause.message : error.message;
}

import type { Request } from 'express';

import { clientNetwork } from './client-network.js';
import { readCookies } from './cookies.js';

/** The program that sent a request. */
export interface Client {
  /** Its address as this gateway sees it. */
  readonly address: string;
  /** The network of the address; see `clientNetwork`. */
  readonly network: string;
  readonly cookies: Readonly<Record<string, string>>;
  /** How it reached this gateway: protocol and host. */
  readonly origin: string;
}

export function clientOf(request: Request): Client {
  return {
    address: request.ip ?? 'unknown',
    network: clientNetwork(request.ip),
    cookies: readCookies(request.headers.cookie),
    origin: `${request.protocol}://${request.headers.host ?? 'localhost'}`,
  };
}

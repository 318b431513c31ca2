import { Inject, Injectable } from '@nestjs/common';
import type { Metrics } from '@rollcall/observability';
import { CONFIG, METRICS } from '@rollcall/service';
import type { Request } from 'express';

import { ApiKeysService } from '../api-keys/api-keys.service.js';
import type { GatewayConfig } from '../config.js';
import { TooManyRequests } from '../gateway.errors.js';
import { clientNetwork } from '../http/client-network.js';
import { readCookies } from '../http/cookies.js';
import { keyOf, sendsKey } from '../http/key-of.js';
import { openPaths } from '../http/open-paths.js';
import { stateOf } from '../http/request-state.js';
import { sha256 } from '../http/sha256.js';
import { TokenBuckets } from '../rate-limits/token-buckets.js';
import { accessCookie } from '../sessions/session-cookies.js';
import { parseToken } from '../sessions/session-tokens.js';
import { SessionsService } from '../sessions/sessions.service.js';

/**
 * Who may ask how often: an API key by its own budget; whoever has none, or a wrong one, by the budget of their network.
 * A key that was right a moment ago never counts as a stranger, so nobody is kept out by others behind the same
 * address. Before anything else of a request is done, so that what is refused costs next to nothing.
 */
@Injectable()
export class Admission {
  private readonly strangers: TokenBuckets;
  private readonly keys: TokenBuckets;
  private readonly refused;

  constructor(
    private readonly apiKeys: ApiKeysService,
    private readonly sessions: SessionsService,
    @Inject(CONFIG) private readonly config: GatewayConfig,
    @Inject(METRICS) metrics: Metrics,
  ) {
    this.strangers = new TokenBuckets({ perMinute: config.ROLLCALL_STRANGER_REQUESTS_PER_MINUTE });
    this.keys = new TokenBuckets({ perMinute: config.ROLLCALL_KEY_REQUESTS_PER_MINUTE });
    this.refused = metrics.counter({
      name: 'requests_refused_total',
      help: 'Requests answered with 429, by whose budget was used up: of a key, or of a network without a valid key.',
      labels: ['of'],
    });
  }

  /** @throws GatewayError too-many-requests */
  enter(request: Request): void {
    if (openPaths.includes(request.path)) return;
    const budget = this.budgetOf(request);
    if (budget !== null && budget.wasRight) return this.countKey(budget.id);
    const network = clientNetwork(request.ip);
    const waitMs = this.strangers.take(network);
    if (waitMs > 0) throw this.refusal('stranger', waitMs);
    stateOf(request).strangerOf = network;
  }

  /** The key of a request turned out to be valid: it counts against the key, and not against the network. */
  recognise(request: Request): void {
    const state = stateOf(request);
    const budget = this.budgetOf(request);
    if (state.strangerOf === undefined || budget === null) return;
    this.strangers.giveBack(state.strangerOf);
    state.strangerOf = undefined;
    this.countKey(budget.id);
  }

  /** What a request counts against if it is of somebody known: a key, else the session of a browser. */
  private budgetOf(request: Request): { id: string; wasRight: boolean } | null {
    const key = keyOf(request);
    if (key !== null) return { id: sha256(key), wasRight: this.apiKeys.wasRight(key) };
    const token = readCookies(request.headers.cookie)[accessCookie];
    const session = token === undefined || sendsKey(request) ? null : parseToken(token);
    if (session === null) return null;
    // Not of its token, which refreshing renews.
    return { id: `session ${session.session}`, wasRight: this.sessions.wasRight(session.text) };
  }

  private countKey(id: string): void {
    const waitMs = this.keys.take(id);
    if (waitMs > 0) throw this.refusal('key', waitMs);
  }

  private refusal(of: 'key' | 'stranger', waitMs: number): TooManyRequests {
    this.refused.inc({ of });
    const seconds = Math.max(1, Math.ceil(waitMs / 1000));
    const wait = `wait ${seconds} ${seconds === 1 ? 'second' : 'seconds'} (Retry-After)`;
    const { ROLLCALL_KEY_REQUESTS_PER_MINUTE: ofKey, ROLLCALL_STRANGER_REQUESTS_PER_MINUTE: ofStranger } = this.config;
    const detail =
      of === 'key'
        ? `This API key or session sent more than ${ofKey} requests in a minute; nothing was done. Please ${wait}, then send it again and send fewer requests. The operator of this gateway can raise ROLLCALL_KEY_REQUESTS_PER_MINUTE.`
        : `More than ${ofStranger} requests in a minute came from this address without a valid API key or session; nothing was done. Send a valid key, or ${wait}. A key that worked within the last ten minutes still works.`;
    return new TooManyRequests(detail, seconds);
  }
}

import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { AppError, withoutEchoes } from '@rollcall/contracts';
import { EgressClient } from '@rollcall/egress';
import { CONFIG } from '@rollcall/service';

import type { VaultConfig } from '../config.js';
import { readTokenAnswer, type TokenAnswer } from './token-answer.js';
import type { TokenCall } from './token-request.js';

/** Whoever asks for a lease waits, so a token call ends soon. */
const timeoutMs = 15_000;
const maxBytes = 256 * 1024;

/** The way out to token endpoints: the vault itself asks, so that a client secret never leaves it (architecture 8). */
@Injectable()
export class TokenEndpoint implements OnApplicationShutdown {
  private readonly client: EgressClient;

  constructor(@Inject(CONFIG) { ALLOW_LOOPBACK }: VaultConfig) {
    this.client = EgressClient.create({ allowedHosts: [], allowHttp: ALLOW_LOOPBACK, allowLoopback: ALLOW_LOOPBACK });
  }

  /**
   * Asks once: repetitions keep their distance, and that is decided where all replicas see it (V20).
   * @param sent secrets within the call, of which no words hold one
   */
  async ask({ url, headers, body }: TokenCall, sent: readonly string[]): Promise<TokenAnswer> {
    const client = this.client.withHosts([new URL(url).hostname]);
    try {
      const { status, text } = await client.request({ method: 'POST', url, headers, body, timeoutMs, maxBytes });
      return readTokenAnswer(status, text, sent);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      // A redirect, a bad certificate or a blocked address will be the same next time: a person must look.
      return { kind: error.retriable ? 'unavailable' : 'refused', words: withoutEchoes(error.message, sent) };
    }
  }

  async onApplicationShutdown(): Promise<void> {
    await this.client.close();
  }
}

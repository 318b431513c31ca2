import { availableParallelism } from 'node:os';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';

import { Injectable, type OnModuleInit } from '@nestjs/common';
import { hash, verify } from '@node-rs/argon2';

import { TooManyRequests } from '../gateway.errors.js';

/** argon2id with the least that OWASP's Password Storage Cheat Sheet takes: 19 MiB, two passes. */
const cost = { memoryCost: 19 * 1024, timeCost: 2, parallelism: 1 };

/** Hashing takes a whole core each time. Half of the cores stay for everybody else's requests. */
const mostAtOnce = Math.min(4, Math.max(1, Math.floor(availableParallelism() / 2)));

/** More than people who sign in at once; whoever comes after them would wait for longer than a request lasts. */
const mostWaiting = 300;
const waitSeconds = 10;

/**
 * How long the next hash waits after one that took `tookMs`, in milliseconds: not at all while the process has nothing
 * else to do, three times as long as the hash while it answers requests all the time. So two hundred people who sign in at once
 * slow the others by about a sixth, and the last of them waits for twenty seconds (`npm run bench:sign-ins`, two cores).
 * @param utilization of the event loop meanwhile, 0 to 1
 */
export const restAfter = (tookMs: number, utilization: number): number => Math.round(3 * tookMs * utilization);

/** Hashes passwords (argon2id), a few at a time and giving way to requests; the others wait for their turn. */
@Injectable()
export class PasswordHasher implements OnModuleInit {
  /** Hash of a password that nobody has, so that an account that does not exist takes as long as one that does. */
  private nobodys = '';
  private running = 0;
  private readonly waiting: (() => void)[] = [];

  async onModuleInit(): Promise<void> {
    this.nobodys = await this.hash('the password of nobody');
  }

  /** @returns PHC string */
  async hash(password: string): Promise<string> {
    return this.inTurn(() => hash(textOf(password), cost));
  }

  /** False for every password where there is no hash, after the same work. */
  async matches(password: string, stored: string | null): Promise<boolean> {
    const isRight = await this.inTurn(() => verify(stored ?? this.nobodys, textOf(password)));
    return isRight && stored !== null;
  }

  private async inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.waiting.length >= mostWaiting) throw tooMany();
    if (this.running >= mostAtOnce) await new Promise<void>((resolve) => this.waiting.push(resolve));
    else this.running += 1;
    const from = performance.now();
    const loop = performance.eventLoopUtilization();
    try {
      return await work();
    } finally {
      void this.rest(restAfter(performance.now() - from, performance.eventLoopUtilization(loop).utilization));
    }
  }

  /** The turn is passed on after the rest; who has their hash does not wait for it. */
  private async rest(milliseconds: number): Promise<void> {
    await sleep(milliseconds, undefined, { ref: false });
    const next = this.waiting.shift();
    if (next) next();
    else this.running -= 1;
  }
}

/** Keyboards differ in how they compose a letter with an accent; the password is the same (RFC 8265). */
const textOf = (password: string): string => password.normalize('NFC');

const tooMany = (): TooManyRequests =>
  new TooManyRequests(
    `Too many people sign in at once. Wait ${waitSeconds} seconds (Retry-After), then try again.`,
    waitSeconds,
  );

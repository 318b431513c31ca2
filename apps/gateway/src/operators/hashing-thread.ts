import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';

/** What one hash costs, as argon2 takes it. */
export interface HashCost {
  /** KiB. */
  readonly memoryCost: number;
  readonly timeCost: number;
  readonly parallelism: number;
}

/** Makes a hash, or compares with a stored one. */
export type HashingJob =
  { readonly password: string; readonly cost: HashCost } | { readonly password: string; readonly stored: string };

type Answer = { readonly result: string | boolean } | { readonly problem: string };

/** Of a thread of its own, because Linux knows priorities of threads: whoever signs in gives way to everybody else. */
const niceness = 5;

/** Plain JavaScript, because a thread is started from a file or from a text, and tests have no compiled files. */
const code = `
'use strict';
const { parentPort, workerData } = require('node:worker_threads');
const { hashSync, verifySync } = require(workerData.argon2);
// Elsewhere the priority would be that of the whole process.
if (process.platform === 'linux') require('node:os').setPriority(workerData.niceness);
parentPort.on('message', ({ password, cost, stored }) => {
  try {
    parentPort.postMessage({ result: stored === undefined ? hashSync(password, cost) : verifySync(stored, password) });
  } catch (error) {
    parentPort.postMessage({ problem: error.message });
  }
});
`;

/** Hashes passwords, one at a time, where nobody waits for the event loop. Started when it is needed first. */
export class HashingThread {
  private worker: Worker | null = null;
  private pending: { resolve: (answer: Answer) => void; reject: (error: Error) => void } | null = null;

  /** Nobody calls it again before it has answered. */
  async run(job: HashingJob): Promise<string | boolean> {
    const worker = (this.worker ??= this.start());
    const answer = await new Promise<Answer>((resolve, reject) => {
      this.pending = { resolve, reject };
      worker.postMessage(job);
    });
    if ('problem' in answer) throw new Error(`a password could not be hashed: ${answer.problem}`);
    return answer.result;
  }

  async stop(): Promise<void> {
    const { worker } = this;
    this.worker = null;
    await worker?.terminate();
  }

  private start(): Worker {
    const argon2 = createRequire(import.meta.url).resolve('@node-rs/argon2');
    const worker = new Worker(code, { eval: true, workerData: { argon2, niceness } });
    const end = (error: Error): void => {
      if (this.worker === worker) this.worker = null;
      this.pending?.reject(error);
      this.pending = null;
    };
    worker.on('message', (answer: Answer) => {
      this.pending?.resolve(answer);
      this.pending = null;
    });
    worker.on('error', end);
    worker.on('exit', () => end(new Error('the thread that hashes passwords ended')));
    // A gateway that ends does not wait for it.
    worker.unref();
    return worker;
  }
}

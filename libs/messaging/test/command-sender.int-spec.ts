import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { requestLease } from '@rollcall/contracts';
import { TestEnvironment, waitFor } from '@rollcall/testing';

import { CommandSender } from '../src/command-sender.js';
import type { OutgoingMessage } from '../src/outgoing-message.js';
import type { Publisher } from '../src/publisher.js';

const away = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:9092'), { name: 'KafkaJSConnectionError' });
const waitMs = 50;
const input = {
  credential: 'c',
  purpose: { kind: 'check' as const, reference: 'x' },
  publicKey: 'example',
  refused: null,
};

describe('a command that is sent while Kafka is away', () => {
  let environment: TestEnvironment;

  beforeAll(async () => {
    environment = await TestEnvironment.create();
  }, 60_000);

  afterAll(async () => {
    await environment.remove();
  });

  /** A publisher whose first attempts take longer than anybody waits, and then fail with these. */
  async function send(failures: readonly Error[]): Promise<{ tries: () => number; sent: OutgoingMessage[] }> {
    const left = [...failures];
    const sent: OutgoingMessage[] = [];
    let tries = 0;
    const publish = async (messages: readonly OutgoingMessage[]) => {
      tries += 1;
      const failure = left.shift();
      if (failure === undefined) return void sent.push(...messages);
      await new Promise((resolve) => setTimeout(resolve, 3 * waitMs));
      throw failure;
    };
    const signing = await environment.signingOf('sync-runner');
    const publisher = { publish } as unknown as Publisher;
    const sender = new CommandSender('sync-runner', publisher, environment.databases, signing);
    const options = { aggregate: 'c', actor: 'test', correlationId: 'x', idempotencyKey: `k${Math.random()}`, input };
    const { outcome } = await sender.send(requestLease, options, waitMs);
    expect(outcome.status).toBe('pending');
    return { tries: () => tries, sent };
  }

  it('is sent when Kafka is back, so that whoever asks for its outcome does not wait in vain', async () => {
    const { sent, tries } = await send([away, away]);
    await waitFor('the command to be sent', async () => sent.length > 0);
    expect(tries()).toBe(3);
    expect(sent).toHaveLength(1);
  });

  it('is given up for an error that no waiting cures', async () => {
    const refused = Object.assign(new Error('wrong password'), { name: 'KafkaJSSASLAuthenticationError' });
    const hopeless = await send([refused]);
    const defect = await send([new Error('a defect')]);
    const later = await send([away]);
    // Begun last, so that theirs would have come before.
    await waitFor('the command of the last one to be sent', async () => later.sent.length > 0);
    expect([hopeless.tries(), defect.tries(), later.tries()]).toEqual([1, 1, 2]);
    expect([...hopeless.sent, ...defect.sent]).toEqual([]);
  });
});

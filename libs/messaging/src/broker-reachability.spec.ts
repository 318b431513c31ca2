import { describe, expect, it } from '@jest/globals';
import type { Kafka } from 'kafkajs';

import { BrokerReachability } from './broker-reachability.js';

/** Brokers by name, and whether they answer. */
function reachability(answering: Record<string, boolean>) {
  let now = 0;
  const asked: string[] = [];
  const clientOf = (broker: string) =>
    ({
      admin: () => ({
        connect: async () => {
          asked.push(broker);
          if (!answering[broker]) throw new Error(`connect ECONNREFUSED ${broker}`);
        },
        disconnect: async () => undefined,
      }),
    }) as unknown as Kafka;
  const subject = new BrokerReachability({ brokers: Object.keys(answering), clientOf, now: () => now });
  return { subject, asked, pass: (ms: number) => (now += ms) };
}

describe('whether Kafka can be reached', () => {
  it('is not asked while consumers hear of it', async () => {
    const { subject, asked, pass } = reachability({ 'a:1': false });
    subject.answered();
    pass(2_000);
    expect(await subject.check()).toEqual({ ok: true, detail: 'answers' });
    expect(asked).toEqual([]);
  });

  it('is asked when they heard nothing for a while; one broker of several is enough', async () => {
    const { subject, asked } = reachability({ 'a:1': false, 'b:1': true });
    expect((await subject.check()).ok).toBe(true);
    expect(asked).toEqual(['a:1', 'b:1']);
  });

  it('is told with address, reason and time when none answers, until one does', async () => {
    const answering = { 'a:1': false, 'b:1': false };
    const { subject, pass } = reachability(answering);
    subject.answered();
    pass(30_000);
    expect(await subject.check()).toEqual({
      ok: false,
      detail:
        'Kafka cannot be reached at a:1, b:1 for 30 s (connect ECONNREFUSED a:1). ' +
        'It is tried again all the time; see that the broker runs.',
    });
    answering['b:1'] = true;
    expect((await subject.check()).ok).toBe(true);
  });
});

import { describe, expect, it, jest } from '@jest/globals';
import { type Connector, type ConnectorContext, type UserAnswer, VendorError } from '@rollcall/connector-kit';
import type { PlanLine, SourceStatus } from '@rollcall/contracts';

import { confirmLines } from './confirm-lines.js';

const context: ConnectorContext = {
  inputs: {},
  load: 'users',
  http: { request: () => Promise.reject(new Error('no request is expected')) },
};

const line = (vendorId: string): PlanLine => ({
  number: 0,
  kind: 'missing',
  account: `acme:${vendorId}`,
  vendorId,
  username: null,
  revision: 1,
  protected: false,
  approved: false,
});

const found = (status: SourceStatus): UserAnswer => ({
  kind: 'found',
  user: { id: 'x', status, role: null, lastActivityAt: null, administrator: false, username: null, raw: {} },
});

function connectorOf(answers: Record<string, UserAnswer | Error>, confirmById = true) {
  const getUser = jest.fn(async (_context: ConnectorContext, { vendorId }: { vendorId: string }) => {
    const answer = answers[vendorId];
    if (answer === undefined) throw new Error(`nobody expected a question about ${vendorId}`);
    if (answer instanceof Error) throw answer;
    return answer;
  });
  const manifest = { name: 'Vendor', capabilities: { confirmById } };
  return { connector: { manifest, getUser } as unknown as Connector, getUser };
}

const confirm = async (connector: Connector, ids: string[]) => {
  const confirmations = await confirmLines(connector, context, ids.map(line), () => undefined);
  return confirmations.map(({ line: one, answer }) => `${one.vendorId} ${answer}`);
};

describe('asking for staged users one by one', () => {
  it('takes gone and inactive as confirmed, active as refuted, and everything else as unclear', async () => {
    const { connector } = connectorOf({
      a: { kind: 'gone', text: 'no such user' },
      b: found('inactive'),
      c: found('active'),
      d: found('unknown'),
      e: new VendorError('vendor-answer-unexpected', 'another user'),
    });
    expect(await confirm(connector, ['a', 'b', 'c', 'd', 'e'])).toEqual([
      'a confirmed',
      'b confirmed',
      'c refuted',
      'd unclear',
      'e unclear',
    ]);
  });

  it('stops asking a vendor that answers nobody; the lines left wait', async () => {
    const ids = Array.from({ length: 100 }, (_, number) => String(number));
    const down = new VendorError('vendor-unavailable', 'Vendor failed to answer (status 503).');
    const { connector, getUser } = connectorOf(Object.fromEntries(ids.map((id) => [id, down])));
    const answers = await confirm(connector, ids);
    expect(answers.every((answer) => answer.endsWith('unclear'))).toBe(true);
    expect(getUser.mock.calls.length).toBeLessThan(10);
  });

  it('passes on what is not the word of the vendor, such as a lost lease', async () => {
    const { connector } = connectorOf({ a: { kind: 'gone', text: 'no such user' } });
    const lost = () => {
      throw new Error('lost');
    };
    await expect(confirmLines(connector, context, [line('a')], lost)).rejects.toThrow('lost');
    const aborted = connectorOf({ a: new VendorError('vendor-call-aborted', 'the caller stopped') });
    await expect(confirm(aborted.connector, ['a'])).rejects.toThrow('the caller stopped');
  });
});

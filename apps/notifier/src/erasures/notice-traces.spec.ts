import { describe, expect, it } from '@jest/globals';
import type { Databases, ErasureDocument } from '@rollcall/collections';
import type { ServiceName } from '@rollcall/contracts';

import type { Backlogs } from '../watches/backlogs.js';
import { NoticeTraces } from './notice-traces.js';

const tracesWith = (areAllRead: boolean) =>
  new NoticeTraces({} as Databases, { areAllRead: async () => areAllRead } as Backlogs);
const waitingFor = (...waitsFor: ServiceName[]) => ({ waitsFor }) as ErasureDocument;

describe('notifier, before it takes somebody out of notices', () => {
  it.each<ServiceName>(['mapping', 'sync-runner'])('waits for %s, which may still say their name', async (service) => {
    expect(await tracesWith(true).isUpToDate(waitingFor(service, 'notifier'))).toBe(false);
  });

  it('waits until it has read what was said before', async () => {
    expect(await tracesWith(false).isUpToDate(waitingFor('notifier', 'gateway'))).toBe(false);
    expect(await tracesWith(true).isUpToDate(waitingFor('notifier', 'gateway'))).toBe(true);
  });
});

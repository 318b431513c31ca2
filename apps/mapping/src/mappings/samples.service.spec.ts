import { describe, expect, it } from '@jest/globals';
import type { Databases, SamplesDocument } from '@rollcall/collections';
import { buildPinned, buildUser } from '@rollcall/testing';

import type { SamplesRepository } from './samples.repository.js';
import { SamplesService } from './samples.service.js';

describe('samples of a run', () => {
  it('leave out records that are large, deep or cannot be stored, and never stop the slice for them', async () => {
    let kept: SamplesDocument | null = null;
    const repository = { put: async (document: SamplesDocument) => void (kept = document) };
    const service = new SamplesService(
      repository as unknown as SamplesRepository,
      { time: () => new Date() } as Databases,
      { among: async () => new Map() },
    );
    let deep: Record<string, unknown> = {};
    for (let depth = 0; depth < 100_000; depth += 1) deep = { x: deep };
    const users = [
      buildUser('fine', { raw: { email: 'a@example.com' } }),
      buildUser('deep', { raw: deep }),
      buildUser('large', { raw: { text: 'x'.repeat(20_001) } }),
      buildUser('nul', { raw: { 'a\0b': 1 } }),
    ];
    await service.note({ _id: 'acme', generation: 1, pinned: buildPinned() }, { messages: [{ users }] });
    expect(kept!.users.map(({ id }) => id)).toEqual(['fine']);
  });
});

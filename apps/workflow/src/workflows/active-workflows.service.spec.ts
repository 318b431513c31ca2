import { describe, expect, it, jest } from '@jest/globals';
import type { WorkflowVersionDocument } from '@rollcall/collections';

import { ActiveWorkflows } from './active-workflows.service.js';
import type { WorkflowsRepository } from './workflows.repository.js';

const version = (id: string): WorkflowVersionDocument => ({
  _id: id,
  workflow: id,
  version: 1,
  name: id,
  definition: { begin: { trigger: 'person.created', app: null, includeInitial: false }, blocks: [] },
  publishedAt: new Date(0),
});

/** A repository whose answers the test gives by hand. */
function build() {
  const state = { ids: [] as string[] };
  const activeVersionIds = jest.fn(() => Promise.resolve([...state.ids]));
  const findVersions = jest.fn((ids: readonly string[]) => Promise.resolve(ids.map(version)));
  const active = new ActiveWorkflows({ activeVersionIds, findVersions } as unknown as WorkflowsRepository);
  const current = async () => ((await active.current()).get('person.created') ?? []).map(({ _id }) => _id);
  return { state, active, activeVersionIds, findVersions, current };
}

describe('the active workflows', () => {
  it('are looked up once for many batches', async () => {
    const { activeVersionIds, current } = build();
    for (let batch = 0; batch < 50; batch += 1) await current();
    expect(activeVersionIds).toHaveBeenCalledTimes(1);
  });

  it('are looked up again at once after a local change, and only new versions are read', async () => {
    const { state, active, findVersions, current } = build();
    state.ids = ['a/1'];
    expect(await current()).toEqual(['a/1']);
    state.ids = ['a/1', 'b/1'];
    active.expire();
    expect(await current()).toEqual(['a/1', 'b/1']);
    expect(findVersions.mock.calls).toEqual([[['a/1']], [['b/1']]]);
    state.ids = [];
    active.expire();
    expect(await current()).toEqual([]);
  });

  it('are never those of a look that began before the change', async () => {
    const { state, active, activeVersionIds, current } = build();
    let answer: (ids: string[]) => void = () => undefined;
    activeVersionIds.mockImplementationOnce(() => new Promise((resolve) => (answer = resolve)));
    const early = current();
    state.ids = ['a/1'];
    active.expire();
    const late = current();
    answer([]);
    expect(await early).toEqual([]);
    expect(await late).toEqual(['a/1']);
    expect(await current()).toEqual(['a/1']);
  });

  it('survive a look that failed', async () => {
    const { state, activeVersionIds, current } = build();
    activeVersionIds.mockRejectedValueOnce(new Error('away'));
    const first = current();
    const second = current();
    state.ids = ['a/1'];
    await expect(first).rejects.toThrow('away');
    expect(await second).toEqual(['a/1']);
  });
});

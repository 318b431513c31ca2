import { describe, expect, it } from '@jest/globals';
import type { Document } from 'mongodb';

import { migrationsOf } from './all-migrations.js';
import { type ChangedDocuments, missingFields } from './migration.js';

const stepsOf = (owner: Parameters<typeof migrationsOf>[0], collection: string) =>
  migrationsOf(owner)
    .flatMap(({ steps }) => steps)
    .filter((step): step is ChangedDocuments => 'set' in step && step.collection === collection);

/** What all steps of a collection set in a document that each of them finds. */
const setIn = (owner: Parameters<typeof migrationsOf>[0], collection: string, document: Document): Document =>
  Object.assign({}, ...stepsOf(owner, collection).map(({ set }) => set(document)));

describe('missing fields', () => {
  const { set, where } = missingFields('cards', { colour: 'red', 'place.row': ({ _id }: Document) => `row of ${_id}` });

  it('are set by path, and only those', () => {
    expect(set({ _id: 1, colour: 'blue', place: {} })).toEqual({ 'place.row': 'row of 1' });
    expect(set({ _id: 1, place: { row: 'mine' } })).toEqual({ colour: 'red' });
  });

  it('are looked for one by one, because a document may have some of them', () => {
    expect(where).toEqual({
      $and: [{}, { $or: [{ colour: { $exists: false } }, { 'place.row': { $exists: false } }] }],
    });
  });
});

describe('runs of earlier releases', () => {
  const mapped = { kind: 'mapped', planHash: 'of-the-plan', staged: 3 };
  const run = {
    generation: 7,
    verdict: { decision: 'pass', staged: 3 },
    pinned: { scope: 'full' },
    reports: { '6:mapped': { kind: 'mapped', planHash: 'earlier' }, '7:mapped': mapped, '7:swept': { kind: 'swept' } },
  };

  it('name the plan that was judged, so that a sweep under way goes on', () => {
    expect(setIn('sync-runner', 'runs', run)).toMatchObject({ 'verdict.planHash': 'of-the-plan', applies: null });
    expect(setIn('sync-runner', 'runs', { ...run, reports: {} })).toMatchObject({ 'verdict.planHash': null });
  });

  it('have reports that tell what they tell today', () => {
    const { reports } = setIn('sync-runner', 'runs', run) as { reports: Document };
    expect(reports['7:mapped']).toEqual({ passedOver: null, approved: 0, samples: [], returned: null, ...mapped });
    expect(reports['7:swept']).toEqual({ kind: 'swept' });
  });
});

describe('integrations of earlier releases', () => {
  it('count as edited when they were made, by nobody whom it would keep from approving', () => {
    const createdAt = '2026-01-02T03:04:05.678Z';
    expect(setIn('sync-runner', 'integrations', { createdAt })).toMatchObject({
      edited: { by: 'unknown', at: new Date(createdAt) },
      failures: 0,
      quarantine: null,
    });
  });
});

describe('commands that nobody had answered', () => {
  it('are sent as mapping takes them today', () => {
    const value = JSON.stringify({ integration: 'one', version: 2 });
    expect(setIn('sync-runner', 'outbox', { value })).toEqual({
      value: JSON.stringify({ integration: 'one', version: 2, mappingOf: null }),
    });
  });
});

import { describe, expect, it } from '@jest/globals';
import type { WatchDocument } from '@rollcall/collections';
import type { RunRecord } from '@rollcall/contracts';

import { buildFailedRun, buildRun, buildWatch } from '../../test/build-run.js';
import type { Finding } from '../notices/finding.js';
import { isForgotten, newWatch, onConfigured, onRun, onSchedule, onTime, runLimitMs } from './watch-rules.js';

const graceMs = 5 * 60_000;
const minute = 60_000;
const start = new Date('2026-11-20T02:30:00.000Z');
const after = (milliseconds: number) => new Date(start.getTime() + milliseconds);

/** Plays events of runs one after the other and returns what contacts would hear. */
function play(watch: WatchDocument, ...events: [string, RunRecord][]): { watch: WatchDocument; heard: Finding[] } {
  const heard: Finding[] = [];
  let current = watch;
  for (const [type, run] of events) {
    const outcome = onRun(current, type, run);
    current = outcome.watch;
    heard.push(...outcome.findings);
  }
  return { watch: current, heard };
}

describe('incidents', () => {
  it('tells of a failed run and stays silent while runs fail for the same reason', () => {
    const { heard } = play(
      buildWatch(),
      ['run.failed', buildFailedRun('run-1', 'vendor-unavailable')],
      ['run.failed', buildFailedRun('run-2', 'vendor-unavailable')],
      ['run.failed', buildFailedRun('run-3', 'vendor-unavailable')],
    );
    expect(heard.map(({ kind, incident }) => ({ kind, incident }))).toEqual([
      { kind: 'run-failed', incident: 'run-failed:vendor-unavailable/run-1' },
    ]);
  });

  it('takes another reason for a new incident', () => {
    const { heard } = play(
      buildWatch(),
      ['run.failed', buildFailedRun('run-1', 'vendor-unavailable')],
      ['run.failed', buildFailedRun('run-2', 'vendor-auth-rejected')],
    );
    expect(heard.map((finding) => finding.run?.id)).toEqual(['run-1', 'run-2']);
  });

  it('takes a failure and a hold for two incidents even when they name the same code', () => {
    const { heard } = play(
      buildWatch(),
      ['run.failed', buildFailedRun('run-1', 'too-many')],
      ['run.held', buildFailedRun('run-2', 'too-many', { state: 'held' })],
      ['run.held', buildFailedRun('run-3', 'too-many', { state: 'held' })],
    );
    expect(heard.map(({ kind }) => kind)).toEqual(['run-failed', 'run-held']);
  });

  it('tells once that a run completed after trouble, and of the same reason anew afterwards', () => {
    const { heard } = play(
      buildWatch(),
      ['run.failed', buildFailedRun('run-1', 'vendor-unavailable')],
      ['run.completed', buildRun({ id: 'run-2' })],
      ['run.completed', buildRun({ id: 'run-3' })],
      ['run.failed', buildFailedRun('run-4', 'vendor-unavailable')],
    );
    expect(heard.map(({ kind }) => kind)).toEqual(['run-failed', 'run-recovered', 'run-failed']);
    expect(new Set(heard.map(({ incident }) => incident)).size).toBe(3);
  });

  it('does not take a cancelled or skipped run for a recovery', () => {
    const { heard, watch } = play(
      buildWatch(),
      ['run.failed', buildFailedRun('run-1', 'vendor-unavailable')],
      ['run.cancelled', buildRun({ id: 'run-2', state: 'cancelled' })],
      ['run.skipped', buildRun({ id: 'run-3', state: 'skipped' })],
    );
    expect(heard).toHaveLength(1);
    expect(watch.incident?.id).toBe('run-failed:vendor-unavailable/run-1');
  });

  it('tells of an undone run whatever its scope, and leaves open what is open', () => {
    const { heard, watch } = play(
      buildWatch(),
      ['run.failed', buildFailedRun('run-1', 'vendor-unavailable')],
      ['run.undone', buildRun({ id: 'run-0', scope: 'none' })],
    );
    expect(heard.map(({ incident }) => incident)).toEqual(['run-failed:vendor-unavailable/run-1', 'run-undone/run-0']);
    expect(watch.incident?.kind).toBe('run-failed:vendor-unavailable');
  });

  it('leaves previews and single users to whoever started them', () => {
    const preview = buildFailedRun('run-1', 'vendor-unavailable', { scope: 'preview' });
    const single = buildFailedRun('run-2', 'vendor-unavailable', { scope: 'none' });
    expect(play(buildWatch(), ['run.failed', preview], ['run.failed', single]).heard).toEqual([]);
  });
});

describe('a run that does not complete (R52)', () => {
  const open = () => play(buildWatch(), ['run.started', buildRun({ startedAt: start.toISOString() })]).watch;

  it('is silent for 23 hours and 59 minutes and told of at 24 hours, exactly once', () => {
    expect(onTime(open(), after(runLimitMs - minute), graceMs).findings).toEqual([]);
    const first = onTime(open(), after(runLimitMs), graceMs);
    expect(first.findings.map(({ kind, incident }) => ({ kind, incident }))).toEqual([
      { kind: 'run-overdue', incident: 'run-overdue/run-1' },
    ]);
    expect(onTime(first.watch, after(2 * runLimitMs), graceMs).findings).toEqual([]);
  });

  it('counts its day from the first start when it starts again after a lost holder', () => {
    const again = play(open(), ['run.started', buildRun({ startedAt: after(runLimitMs).toISOString() })]).watch;
    expect(onTime(again, after(runLimitMs), graceMs).findings).toHaveLength(1);
  });

  it.each(['run.completed', 'run.failed', 'run.held', 'run.cancelled'])('is forgotten after %s', (type) => {
    const ended = play(open(), [type, buildFailedRun('run-1', 'any')]).watch;
    expect(onTime(ended, after(2 * runLimitMs), graceMs).findings).toEqual([]);
  });

  it('stays open when another run is skipped because of it', () => {
    const skipped = play(open(), ['run.skipped', buildRun({ id: 'run-2', state: 'skipped' })]).watch;
    expect(skipped.openRun?.id).toBe('run-1');
  });

  it('recovers when it completes after all', () => {
    const late = onTime(open(), after(runLimitMs), graceMs).watch;
    expect(play(late, ['run.completed', buildRun()]).heard.map(({ kind }) => kind)).toEqual(['run-recovered']);
  });
});

describe('a slot that nobody takes (R53)', () => {
  const expecting = (overrides: Partial<WatchDocument> = {}) =>
    onSchedule(buildWatch(overrides), { integration: 'directory', plannedAt: start.toISOString() }).watch;

  it('is told of when the grace is over, once', () => {
    expect(onTime(expecting(), after(graceMs - 1), graceMs).findings).toEqual([]);
    const first = onTime(expecting(), after(graceMs), graceMs);
    expect(first.findings).toEqual([
      {
        kind: 'run-not-started',
        incident: 'run-not-started/directory/2026-11-20T02:30:00.000Z',
        integration: 'directory',
        run: null,
        expectedAt: start,
      },
    ]);
    expect(onTime(first.watch, after(runLimitMs), graceMs).findings).toEqual([]);
  });

  it.each(['run.planned', 'run.started', 'run.skipped'])('is met by %s of its slot', (type) => {
    const met = play(expecting(), [type, buildRun({ plannedAt: start.toISOString() })]).watch;
    expect(onTime(met, after(graceMs), graceMs).findings).toEqual([]);
  });

  it('is not met by a manual run or by the slot before', () => {
    const manual = buildRun({ kind: 'manual', plannedAt: after(1).toISOString() });
    const before = buildRun({ plannedAt: after(-runLimitMs).toISOString() });
    const still = play(expecting(), ['run.planned', manual], ['run.planned', before]).watch;
    expect(onTime(still, after(graceMs), graceMs).findings).toHaveLength(1);
  });

  it('is not expected of an integration that is paused or has no next slot', () => {
    const paused = onConfigured(expecting(), {
      integration: 'directory',
      version: 2,
      name: 'Staff directory',
      state: 'paused',
      contacts: [],
    }).watch;
    const none = onSchedule(expecting(), { integration: 'directory', plannedAt: null }).watch;
    expect(onTime(paused, after(graceMs), graceMs).findings).toEqual([]);
    expect(onTime(none, after(graceMs), graceMs).findings).toEqual([]);
  });

  it('missed twice in a row is one incident until a run completes', () => {
    const first = onTime(expecting(), after(graceMs), graceMs).watch;
    const next = onSchedule(first, { integration: 'directory', plannedAt: after(runLimitMs).toISOString() }).watch;
    expect(onTime(next, after(runLimitMs + graceMs), graceMs).findings).toEqual([]);
    const recovered = play(next, ['run.completed', buildRun({ plannedAt: after(runLimitMs).toISOString() })]);
    expect(recovered.heard.map(({ kind }) => kind)).toEqual(['run-recovered']);
  });
});

describe('the configuration of an integration', () => {
  const data = { integration: 'directory', name: 'New name', state: 'active' as const, contacts: [] };

  it('replaces name and contacts, but never by an older version', () => {
    expect(onConfigured(buildWatch({ version: 3 }), { ...data, version: 4 }).watch).toMatchObject({
      name: 'New name',
      contacts: [],
      version: 4,
    });
    expect(onConfigured(buildWatch({ version: 3 }), { ...data, version: 2 }).watch.name).toBe('Staff directory');
  });

  it('need not be known for a failure to be noticed', () => {
    const { heard } = play(newWatch('directory', 'Staff directory'), ['run.failed', buildFailedRun('run-1', 'any')]);
    expect(heard).toHaveLength(1);
  });
});

describe('an event that was kept and is said again much later', () => {
  const day = 24 * 60 * minute;
  const said = (type: string, data: unknown = {}) => ({ type, time: start.toISOString(), data });

  it('counts as long as it is known again, and no longer', () => {
    for (const type of ['run.failed', 'run.held', 'run.completed', 'run.started']) {
      expect(isForgotten(said(type), after(8 * day - 1))).toBe(false);
      expect(isForgotten(said(type), after(8 * day))).toBe(true);
    }
  });

  it('still counts where it says something of now: a version of the configuration, a slot to come', () => {
    expect(isForgotten(said('integration.configured'), after(20 * day))).toBe(false);
    expect(isForgotten(said('integration.deleted'), after(20 * day))).toBe(false);
    const planned = (plannedAt: string | null) => said('schedule.planned', { plannedAt });
    expect(isForgotten(planned(after(25 * day).toISOString()), after(20 * day))).toBe(false);
    expect(isForgotten(planned(after(15 * day).toISOString()), after(20 * day))).toBe(true);
    expect(isForgotten(planned(null), after(20 * day))).toBe(false);
  });
});

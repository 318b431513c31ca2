import { describe, expect, it } from '@jest/globals';
import { buildPinned, buildUser } from '@rollcall/testing';

import { buildAccount, buildCreated, buildReading } from '../../test/build-documents.js';
import {
  clockToleranceMs,
  deactivated,
  isDormant,
  isKnownSince,
  isMarkable,
  isOutdated,
  isTakenBack,
  madeAgain,
  markedOnly,
  newAccount,
  seenAgain,
} from './apply-user.js';

const observed = (status: 'active' | 'inactive' | 'unknown', askedAt = 5_000) => ({
  user: buildUser('1', { status }),
  values: { email: 'new@example.com' },
  hash: 'new-hash',
  askedAt,
});
const link = { person: 'person-1', passive: false, error: null };
const hold = { by: 'operator', at: '2026-01-01T00:00:00.000Z', reason: 'test' };

describe('an account seen for the first time', () => {
  it.each([
    ['active', true],
    ['inactive', false],
    ['unknown', true],
  ] as const)('with status %s is created with active = %s (D6)', (status, active) => {
    const account = newAccount('acme', buildPinned(), observed(status), buildCreated(), link);
    expect(account).toMatchObject({ _id: 'acme:1', revision: 1, active, sourceStatus: status, deactivated: null });
    expect(account).toMatchObject({ protected: false, hold: null });
  });

  it('keeps no hash with a record error, so that the next run looks at it (B9)', () => {
    const error = { code: 'second-account', message: 'test' };
    const account = newAccount('acme', buildPinned(), observed('active'), buildCreated(), {
      ...link,
      person: null,
      error,
    });
    expect(account).toMatchObject({ hash: null, person: null, error });
    expect(newAccount('acme', buildPinned(), observed('active'), buildCreated(), link).hash).toBe('new-hash');
  });

  it('belongs to an app only when SaaS users are wanted (R25, R26)', () => {
    const appOf = (content: 'user' | 'user-and-saas-user') =>
      newAccount('acme', buildPinned({ content }), observed('active'), buildCreated(), link).app;
    expect([appOf('user'), appOf('user-and-saas-user')]).toEqual([null, 'test-app']);
  });
});

describe('an account seen again', () => {
  it('never turns inactive by a record', () => {
    for (const status of ['inactive', 'unknown'] as const) {
      expect(seenAgain(buildAccount(), buildPinned(), observed(status))).toMatchObject({
        active: true,
        sourceStatus: status,
      });
    }
  });

  it('is reactivated when it is active at the source, unless held (E8)', () => {
    const inactive = buildAccount({ active: false, deactivated: { run: 'run-1', time: '2026-01-01T00:00:00.000Z' } });
    expect(seenAgain(inactive, buildPinned(), observed('active'))).toMatchObject({ active: true, deactivated: null });
    expect(seenAgain(inactive, buildPinned(), observed('unknown'))).toMatchObject({ active: false });
    const held = seenAgain({ ...inactive, hold }, buildPinned(), observed('active'));
    expect(held).toMatchObject({ active: false, hash: null, deactivated: { run: 'run-1' }, hold });
  });

  it('takes the values and loses the error of before; is known by this run', () => {
    const error = { code: 'key-taken', message: 'test' };
    const account = buildAccount({ error, observedAt: 6_000, observedBy: 'command' });
    expect(seenAgain(account, buildPinned(), observed('active', 5_000))).toMatchObject({
      error: null,
      hash: 'new-hash',
      values: { email: 'new@example.com' },
      observedAt: 5_000,
      observedBy: 'run',
    });
  });
});

const gone = { run: 'run-1', time: '2026-01-01T00:00:00.000Z' };

describe('an account seen again under another preference or mapping', () => {
  it('is not restored by a mapping that restores nobody, and keeps no hash until one does (R60)', () => {
    const inactive = buildAccount({ active: false, deactivated: gone });
    expect(seenAgain(inactive, buildPinned(), observed('active'), false)).toMatchObject({
      active: false,
      sourceStatus: 'active',
      deactivated: gone,
      hash: null,
    });
    expect(seenAgain(inactive, buildPinned(), observed('inactive'), false).hash).toBe('new-hash');
  });

  it('counts for its person again, though Create only made it passive', () => {
    expect(seenAgain(buildAccount({ passive: true }), buildPinned(), observed('active')).passive).toBe(false);
  });

  it('belongs to the app only while SaaS users are wanted', () => {
    const account = buildAccount({ app: 'old', content: 'user' });
    expect(seenAgain(account, buildPinned(), observed('active'))).toMatchObject({
      app: 'test-app',
      content: 'user-and-saas-user',
    });
    expect(seenAgain(account, buildPinned({ content: 'user' }), observed('active')).app).toBeNull();
  });

  it('takes over what the vendor says of it', () => {
    const role = { value: 'Admin', origin: 'vendor' as const };
    const user = { role, lastActivityAt: '2026-01-01T00:00:00.000Z', administrator: true, username: 'ada' };
    const seen = { ...observed('unknown'), user: buildUser('1', { ...user, status: 'unknown' }) };
    const expected = { ...user, sourceStatus: 'unknown', active: true, observedAt: 5_000 };
    expect(seenAgain(buildAccount(), buildPinned(), seen)).toMatchObject(expected);
    expect(markedOnly(buildAccount(), buildPinned(), seen, { bringsBack: true })).toMatchObject(expected);
  });
});

describe('an account whose record is not written', () => {
  const marks = (account: Parameters<typeof buildAccount>[0], status: 'active' | 'inactive', bringsBack = true) =>
    markedOnly(buildAccount(account), buildPinned(), observed(status), { bringsBack });

  it('takes the mark of the vendor, and keeps values and name', () => {
    const { user } = observed('inactive');
    const nameless = { ...observed('inactive'), user: { ...user, username: null } };
    const account = markedOnly(buildAccount(), buildPinned(), nameless, { bringsBack: true });
    expect(account).toMatchObject({
      active: true,
      sourceStatus: 'inactive',
      values: { email: 'ada@example.com' },
      username: 'ada@example.com',
      hash: 'new-hash',
    });
    expect(marks({}, 'inactive').username).toBe('1@example.com');
  });

  it.each([null, '', '   ', '\u00a0', '\u200b'])(
    'keeps its name when the record says %j, written or not',
    (username) => {
      const seen = { ...observed('inactive'), user: buildUser('1', { status: 'inactive', username }) };
      const refused = markedOnly(buildAccount(), buildPinned(), seen, { bringsBack: true });
      for (const account of [refused, seenAgain(buildAccount(), buildPinned(), seen)]) {
        expect(account).toMatchObject({ username: 'ada@example.com', sourceStatus: 'inactive' });
      }
    },
  );

  it('is reactivated as ever, but not by a record that the rule passes over', () => {
    const inactive = { active: false, deactivated: gone };
    expect(marks(inactive, 'active')).toMatchObject({ active: true, deactivated: null, hash: 'new-hash' });
    expect(marks(inactive, 'active', false)).toMatchObject({
      active: false,
      sourceStatus: 'active',
      deactivated: gone,
      hash: 'new-hash',
    });
    expect(marks({ ...inactive, hold }, 'active')).toMatchObject({ active: false, hash: null });
    const notRestored = markedOnly(
      buildAccount(inactive),
      buildPinned(),
      observed('active'),
      { bringsBack: true },
      false,
    );
    expect(notRestored).toMatchObject({ active: false, hash: null });
  });

  it('keeps its error, and then no hash, so that the next run looks at it', () => {
    const error = { code: 'key-taken', message: 'test' };
    expect(marks({ error }, 'inactive')).toMatchObject({ error, hash: null, sourceStatus: 'inactive' });
    expect(marks({ hold }, 'inactive')).toMatchObject({ hold, hash: null, sourceStatus: 'inactive' });
  });

  it('counts for its person under a preference that says so', () => {
    expect(marks({ passive: true }, 'active').passive).toBe(false);
  });
});

describe('an account whose line was executed', () => {
  it('is inactive by that run, without hash, and known since its START', () => {
    const reading = buildReading();
    const start = Date.parse(reading.pinned.startedAt);
    const time = '2026-01-03T00:00:00.000Z';
    expect(deactivated(buildAccount({ observedAt: 1 }), reading, time)).toMatchObject({
      active: false,
      hash: null,
      deactivated: { run: 'run-2', time },
      observedAt: start,
    });
    expect(deactivated(buildAccount({ observedBy: 'command' }), reading, time).observedBy).toBe('run');
  });
});

describe('a record older than what is known (B10)', () => {
  const now = 20_000;
  const account = buildAccount({ observedAt: 10_000, observedBy: 'command' });

  it('is one that was asked for before the last observation, beyond what clocks differ', () => {
    expect(isOutdated(account, 10_000 - clockToleranceMs - 1, now)).toBe(true);
    expect(isOutdated(account, 10_000 - clockToleranceMs, now)).toBe(false);
    expect(isOutdated(account, 10_001, now)).toBe(false);
  });

  it('is none of a later run, whatever the clocks of both said', () => {
    for (const observedBy of ['run', undefined] as const) {
      expect(isOutdated(buildAccount({ observedAt: 10_000, ...(observedBy && { observedBy }) }), 1, now)).toBe(false);
    }
  });

  it('is none where what is known lies later than now', () => {
    const ahead = { ...account, observedAt: now + clockToleranceMs + 1 };
    expect(isOutdated(ahead, 1, now)).toBe(false);
    expect(isOutdated({ ...ahead, observedAt: now + clockToleranceMs }, 1, now)).toBe(true);
  });
});

describe('an account that a reading did not see (E1)', () => {
  const now = 20_000;
  const account = buildAccount({ observedAt: 10_000, observedBy: 'command' });

  it('was known before it, unless a command brought it after the reading began', () => {
    expect(isKnownSince(account, 10_001, now)).toBe(true);
    expect(isKnownSince(account, 10_000, now)).toBe(true);
    expect(isKnownSince(account, 9_999, now)).toBe(false);
  });

  it('was known before it if a run brought it, or a command whose clock was ahead', () => {
    expect(isKnownSince({ ...account, observedBy: 'run' }, 1, now)).toBe(true);
    expect(isKnownSince({ ...account, observedAt: now + clockToleranceMs + 1 }, 1, now)).toBe(true);
    expect(isKnownSince({ ...account, observedAt: now + clockToleranceMs }, 1, now)).toBe(false);
  });
});

describe('an account that was taken away', () => {
  const byUndo = { by: 'ada', at: '2026-01-01T00:00:00.000Z', run: 'run-1' };
  const byHand = { by: 'ada', at: '2026-01-01T00:00:00.000Z' };

  it('comes again only if an undo took it back', () => {
    expect(isTakenBack(buildAccount({ retired: byUndo }))).toBe(true);
    expect(isTakenBack(buildAccount({ retired: byHand }))).toBe(false);
    expect(isTakenBack(buildAccount())).toBe(false);
  });

  it('takes over nothing more, and neither does one of a mapping that only creates', () => {
    const update = buildPinned({ preference: 'create-and-update' });
    expect(isMarkable(buildAccount(), update)).toBe(true);
    expect(isMarkable(buildAccount({ retired: byHand }), update)).toBe(false);
    expect(isMarkable(buildAccount(), buildPinned({ preference: 'create-only' }))).toBe(false);
    expect(isMarkable(buildAccount({ retired: byHand }), buildPinned({ preference: 'create-only' }))).toBe(false);
  });

  it('is made anew by the run, and keeps what it was created by, its protection and its count of revisions', () => {
    const created = buildCreated({ position: 'p00/000000000009' });
    const before = buildAccount({ retired: byUndo, revision: 7, protected: true, hold, active: false, created });
    const reading = buildReading();
    const again = madeAgain(before, reading, observed('active'), { ...link, person: 'person-2' });
    const made = newAccount('acme', reading.pinned, observed('active'), created, { ...link, person: 'person-2' });
    expect(again).toEqual({ ...made, revision: 7, protected: true, madeAgainBy: 'run-2' });
    expect(again.retired).toBeUndefined();
  });
});

describe('an account of which it is asked whose it is before it is active', () => {
  it.each([
    [true, 'person-1', true],
    [true, null, false],
    [undefined, 'person-1', false],
    [undefined, null, false],
  ] as const)('dormant %s and of %s: %s', (dormant, person, expected) => {
    expect(isDormant({ ...buildAccount({ person }), dormant })).toBe(expected);
  });
});

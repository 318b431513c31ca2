import { describe, expect, it } from '@jest/globals';
import type { Trigger } from '@rollcall/contracts';

import { buildAccount, buildPerson } from '../../test/build-records.js';
import type { Subject } from './step.js';
import { whyNoLonger } from './trigger-holds.js';

const of = (trigger: Trigger, causedByRun: string | null = null, more: { plan?: string; since?: string } = {}) => ({
  trigger,
  app: trigger.startsWith('person.') ? null : 'jumpcloud',
  run: { causedByRun, causedByPlan: more.plan ?? null, undoableSince: more.since ?? null },
});
const subject = (given: Partial<Subject>): Subject => ({ account: null, person: null, accounts: [], ...given });
const at = '2026-11-21T10:00:00.000Z';
const gone = (run: string | null, plan?: string) => ({ active: false, deactivated: { run, time: at, plan } });

describe('a trigger holds no longer', () => {
  it.each<[string, ReturnType<typeof of>, Subject, RegExp | null]>([
    ['the account is gone', of('saas-user.created'), subject({}), /not stored/],
    ['it is of another app', of('saas-user.created'), subject({ account: buildAccount({ app: 'x' }) }), /another app/],
    [
      'who was created is inactive',
      of('saas-user.created'),
      subject({ account: buildAccount(gone(null)) }),
      /no longer/,
    ],
    ['who left is back', of('saas-user.deactivated'), subject({ account: buildAccount() }), /active again/],
    [
      'another run did it again',
      of('saas-user.deactivated', 'a'),
      subject({ account: buildAccount(gone('b')) }),
      /deactivated again/,
    ],
    ['the person was merged', of('person.created'), subject({ person: buildPerson({ mergedInto: 'x' }) }), /merged/],
    ['the person is back', of('person.deactivated'), subject({ person: buildPerson() }), /active again/],
    ['nothing: still created', of('saas-user.created'), subject({ account: buildAccount() }), null],
    ['nothing: same run', of('saas-user.deactivated', 'a'), subject({ account: buildAccount(gone('a')) }), null],
    [
      'another people plan did it again',
      of('person.deactivated', null, { plan: 'a' }),
      subject({ person: buildPerson(gone(null, 'b')) }),
      /deactivated again/,
    ],
    [
      'somebody deactivated them by hand again',
      of('person.deactivated', null, { since: '2026-11-21T09:59:59.999Z' }),
      subject({ person: buildPerson(gone(null)) }),
      /deactivated again/,
    ],
    [
      'nothing: same people plan',
      of('person.deactivated', null, { plan: 'a' }),
      subject({ person: buildPerson(gone(null, 'a')) }),
      null,
    ],
    [
      'nothing: that very command',
      of('person.deactivated', null, { since: at }),
      subject({ person: buildPerson(gone(null)) }),
      null,
    ],
    ['nothing: by hand', of('person.deactivated'), subject({ person: buildPerson(gone(null)) }), null],
  ])('when %s', (_when, started, given, reason) => {
    const why = whyNoLonger(started, given);
    if (reason === null) expect(why).toBeNull();
    else expect(why).toMatch(reason);
  });
});

import { describe, expect, it } from '@jest/globals';
import { nothingUndone } from '@rollcall/contracts';

import { buildPeoplePlan } from '../../test/build-people-plan.js';
import { buildFailedRun, buildRun } from '../../test/build-run.js';
import type { Finding } from './finding.js';
import { noticeText } from './notice-texts.js';
import { allOperators, recipientsOf } from './notices.service.js';

const base = { integration: 'directory', incident: 'incident-1' };
const startedAt = new Date('2026-11-20T02:30:05.000Z');

const findings: Record<Finding['kind'], Finding> = {
  'run-failed': { ...base, kind: 'run-failed', run: buildFailedRun('run-1', 'vendor-unavailable') },
  'run-held': {
    ...base,
    kind: 'run-held',
    run: buildFailedRun('run-1', 'too-many', {
      state: 'held',
      verdict: {
        decision: 'hold',
        reasons: [{ code: 'too-many', message: 'More accounts than allowed are missing.' }],
        activeAtStart: 240,
        staged: 37,
        approved: 0,
        samples: ['ada@example.com', 'bo\r\nBcc: x@example.com'],
        returned: null,
        refuted: [],
        planHash: null,
        decidedAt: '2026-11-20T02:40:00.000Z',
      },
    }),
  },
  'run-overdue': { ...base, kind: 'run-overdue', run: { id: 'run-1', startedAt } },
  'run-not-started': { ...base, kind: 'run-not-started', run: null, expectedAt: startedAt },
  'run-undone': {
    ...base,
    kind: 'run-undone',
    run: buildRun({
      undone: {
        requestedBy: 'ada',
        requestedAt: '2026-11-20T08:00:00.000Z',
        paused: false,
        afterwards: 'The next run writes the same values again.',
        doneAt: '2026-11-20T08:00:05.000Z',
        counts: { restored: 1, unlinked: 0, takenBack: 2, reactivated: 3, deactivated: 0, skipped: 1, conflicts: 1 },
      },
    }),
  },
  'run-recovered': { ...base, kind: 'run-recovered', run: buildRun() },
  'people-held': { ...base, kind: 'people-held', run: null, plan: buildPeoplePlan() },
  'credential-expiring': credentialFinding('credential-expiring'),
  'credential-expired': credentialFinding('credential-expired'),
};

function credentialFinding(kind: 'credential-expiring' | 'credential-expired'): Finding {
  const credential = { id: 'c1', expiresAt: '2026-12-24T10:00:00.000Z', integrations: ['People', 'Laptops'] };
  return { kind, incident: 'incident-1', integration: null, run: null, credential };
}

describe('the text of a notice', () => {
  it.each(Object.values(findings))(
    'says what happened, why and what to do, and names its integration: $kind',
    (finding) => {
      const { title, text } = noticeText(finding, 'Staff directory');
      expect(title).toContain('Staff directory');
      expect(text).toMatch(
        /^What happened: .+\n\nWhy: .+\n\nWhat to do: .+\n\n(Integration|Credential): Staff directory/,
      );
      if (finding.run) expect(text).toContain(`Run: ${finding.run.id}`);
    },
  );

  it('gives the reason of a failed run in words and as code', () => {
    const { text } = noticeText(findings['run-failed'], 'Staff directory');
    expect(text).toContain(
      'Why: The vendor answered with vendor-unavailable. Ask it again later. (vendor-unavailable)',
    );
    expect(text).toContain('failed on 2026-11-20 02:40 UTC');
  });

  it('names some of the accounts of a held run, each on one line', () => {
    const { text } = noticeText(findings['run-held'], 'Staff directory');
    expect(text).toContain('(ada@example.com, bo Bcc: x@example.com and 35 more)');
  });

  it('gives number and share of the accounts that a held run would have deactivated', () => {
    const { text } = noticeText(findings['run-held'], 'Staff directory');
    expect(text).toContain('37 of 240 active accounts (15.4 %)');
    expect(text).toContain('Why: More accounts than allowed are missing.');
  });

  it('names change, number and share of people held back, some of them, and their plan', () => {
    const { text } = noticeText(findings['people-held'], 'Staff directory');
    expect(text).toContain('What happened: Staff directory became authoritative. That would have made 40 of 60 active');
    expect(text).toContain('(Ada Example, Bo Bcc: x@example.com and 38 more)');
    expect(text).toContain('Why: 40 of 60 active people would be deactivated.');
    expect(text).toMatch(/People plan: plan-1$/);
  });

  it('says of an undone run how much came back, what stays, and that Deactivate is on hold', () => {
    const { title, text } = noticeText(findings['run-undone'], 'Staff directory');
    expect(title).toContain('Deactivate is on hold');
    expect(text).toContain('3 accounts are active again');
    expect(text).toContain('2 accounts keep something');
    expect(text).toContain('The next run writes the same values again. When the cause is put right, turn Deactivate');
  });

  it('says of an undone run only what happened, and one account in the singular', () => {
    const { text } = noticeText(findings['run-undone'], 'Staff directory');
    expect(text).toContain('1 account has its old values again, 2 new accounts were taken out.');
    expect(text).not.toMatch(/\b0 |\b1 accounts/);
  });

  it('says of a run that had changed nothing that nothing was taken back', () => {
    const requestedAt = '2026-11-20T08:00:00.000Z';
    const undone = { requestedBy: 'ada', requestedAt, paused: false, afterwards: '', doneAt: requestedAt };
    const run = buildRun({ undone: { ...undone, counts: nothingUndone } });
    const { text } = noticeText({ ...base, kind: 'run-undone', run }, 'Staff directory');
    expect(text).toMatch(/^What happened: Nothing that the run of .* did was taken back\.\n/);
  });

  it('lets no name or reason begin a line of its own', () => {
    const run = buildRun({ id: 'run-1\r\nRun: run-2', reason: { code: 'x\n', message: 'one\r\n\r\nWhat to do: pay' } });
    const { title, text } = noticeText({ ...base, kind: 'run-failed', run }, 'Staff\r\nBcc: eve@example.org');
    expect(title).not.toMatch(/[\r\n]/);
    expect(text.split('\n').filter((line) => /^(Bcc|What to do: pay|Run: run-2)/.test(line))).toEqual([]);
  });
});

describe('who hears of trouble', () => {
  it('is every address once, whatever the names and the case', () => {
    const contacts = [
      { name: 'Ada', email: 'ada@example.com' },
      { name: 'Ada again', email: 'ADA@example.com' },
      { name: 'Bo', email: 'bo@example.com' },
    ];
    expect(recipientsOf(contacts)).toHaveLength(2);
  });

  it('is all operators where nobody is named', () => {
    expect(recipientsOf([])).toEqual([allOperators]);
  });
});

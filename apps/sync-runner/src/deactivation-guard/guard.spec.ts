import { describe, expect, it } from '@jest/globals';
import { defaultDeactivationLimit, type PlanLine, type RunReportOf } from '@rollcall/contracts';

import { type Confirmation, type Evidence, judge, weighConfirmations } from './guard.js';

function buildReport(overrides: Partial<RunReportOf<'mapped'>> = {}): RunReportOf<'mapped'> {
  return {
    kind: 'mapped',
    run: 'run-1',
    integration: 'acme',
    generation: 1,
    result: 'complete',
    reason: null,
    counts: {
      read: 100,
      created: 0,
      updated: 0,
      unchanged: 100,
      outdated: 0,
      skipped: 0,
      rejected: 0,
      reactivated: 0,
      unknownStatus: 0,
    },
    passedOver: null,
    problems: [],
    activeAtStart: 103,
    staged: 3,
    approved: 0,
    samples: [],
    returned: null,
    protectedLines: [],
    planHash: 'hash',
    ...overrides,
  };
}

function buildEvidence(report: Partial<RunReportOf<'mapped'>> = {}, overrides: Partial<Evidence> = {}): Evidence {
  return {
    report: buildReport(report),
    sent: 100,
    scope: 'scope',
    lastGoodScope: 'scope',
    deactivates: true,
    onHold: null,
    limit: defaultDeactivationLimit,
    sums: { week: { swept: 0, active: null }, day: { swept: 0, active: 100_000 } },
    ...overrides,
  };
}

const codes = (evidence: Evidence) => {
  const judgement = judge(evidence);
  return 'reasons' in judgement ? judgement.reasons.map(({ code }) => code) : [];
};

describe('the order of judgement (A13)', () => {
  it('asks for confirmation when evidence, amount and protection leave no doubt', () => {
    expect(judge(buildEvidence())).toEqual({ kind: 'confirm' });
  });

  it('finds a run incomplete for the reason that mapping names, before anything else', () => {
    const reason = { code: 'start-missing', message: 'Start the run again.' };
    const evidence = buildEvidence({ result: 'incomplete', reason, staged: 99 }, { lastGoodScope: 'other' });
    expect(judge(evidence)).toEqual({ kind: 'incomplete', reasons: [reason] });
  });

  it('finds a run incomplete when mapping saw another number of users than were sent (A10)', () => {
    expect(judge(buildEvidence({}, { sent: 101 })).kind).toBe('incomplete');
    expect(judge(buildEvidence({}, { sent: -1 })).kind).toBe('incomplete');
  });

  it('does not sweep the first run after a change, however few or many are staged (evidence e)', () => {
    for (const lastGoodScope of [null, 'other']) {
      expect(judge(buildEvidence({}, { lastGoodScope })).kind).toBe('not-swept');
      expect(judge(buildEvidence({ staged: 99 }, { lastGoodScope })).kind).toBe('not-swept');
    }
    expect(judge(buildEvidence({}, { scope: null })).kind).toBe('not-swept');
  });

  it('completes the first run after a change when nothing is staged', () => {
    expect(judge(buildEvidence({ staged: 0 }, { lastGoodScope: null })).kind).toBe('nothing-staged');
  });

  it('holds for a protected record even when it is the only one, and names it', () => {
    const evidence = buildEvidence({ staged: 1, protectedLines: ['root@example.com'] });
    expect(codes(evidence)).toEqual(['protected-account']);
    expect(JSON.stringify(judge(evidence))).toContain('root@example.com');
  });

  it('names every rule that holds', () => {
    const evidence = buildEvidence({ staged: 60, activeAtStart: 100, protectedLines: ['root@example.com'] });
    expect(codes(evidence)).toEqual(['too-many-deactivations', 'half-or-more', 'protected-account']);
  });

  it('names its reason, and what to do, whatever it decides', () => {
    const reasonsOf = (evidence: Evidence) => {
      const judgement = judge(evidence);
      return 'reasons' in judgement ? judgement.reasons : [];
    };
    expect(reasonsOf(buildEvidence({}, { lastGoodScope: 'other' }))).toEqual([
      {
        code: 'first-after-change',
        message: expect.stringMatching(/^3 accounts .* The next run judges them again\.$/),
      },
    ]);
    expect(reasonsOf(buildEvidence({}, { sent: 101 }))).toEqual([
      { code: 'read-count-mismatch', message: expect.stringMatching(/^101 users were read, but mapping saw 100/) },
    ]);
    expect(reasonsOf(buildEvidence({ result: 'incomplete', reason: null }))).toEqual([
      { code: 'read-incomplete', message: expect.stringMatching(/Start the run again/) },
    ]);
  });

  it('lets a run complete that staged nobody, without a problem', () => {
    expect(judge(buildEvidence({ staged: 0 }))).toEqual({ kind: 'nothing-staged', problems: [] });
  });

  it.each([
    [5, /: u0, u1, u2, u3, u4\. Nobody/],
    [6, /: u0, u1, u2, u3, u4 and 1 more\. Nobody/],
    [9, /: u0, u1, u2, u3, u4 and 4 more\. Nobody/],
  ])('names five of %i protected accounts and counts the rest', (count, words) => {
    const protectedLines = Array.from({ length: count }, (_, index) => `u${index}`);
    const judgement = judge(buildEvidence({ staged: count, activeAtStart: 1_000, protectedLines }));
    expect(judgement).toMatchObject({ kind: 'hold', reasons: [{ message: expect.stringMatching(words) }] });
  });

  it('asks for confirmation of what a person approved, however many they are (E4)', () => {
    expect(judge(buildEvidence({ staged: 60, approved: 60, activeAtStart: 100 }))).toEqual({ kind: 'confirm' });
  });

  it('wants evidence of an approved plan as of any other (E4)', () => {
    const approved = { staged: 60, approved: 60, activeAtStart: 100 };
    expect(judge(buildEvidence(approved, { lastGoodScope: 'other' })).kind).toBe('not-swept');
    expect(judge(buildEvidence(approved, { sent: 99 })).kind).toBe('incomplete');
  });

  it('adds up what was swept before', () => {
    const sums = { week: { swept: 20, active: 100 }, day: { swept: 1, active: 100_000 } };
    expect(codes(buildEvidence({}, { sums }))).toEqual(['too-many-in-a-week']);
  });

  it('holds an empty listing of a source that had somebody', () => {
    const counts = { ...buildReport().counts, read: 0 };
    expect(codes(buildEvidence({ counts, activeAtStart: 3, staged: 0 }, { sent: 0 }))).toEqual(['empty-listing']);
  });

  it('deactivates nobody with Deactivate off, but tells of an empty listing', () => {
    expect(judge(buildEvidence({ staged: 0 }, { deactivates: false }))).toEqual({
      kind: 'nothing-staged',
      problems: [],
    });
    const counts = { ...buildReport().counts, read: 0 };
    const empty = judge(buildEvidence({ counts, staged: 0 }, { deactivates: false, sent: 0 }));
    expect(empty).toMatchObject({
      kind: 'nothing-staged',
      problems: [{ code: 'empty-listing', count: 103, samples: [] }],
    });
    const nobodyYet = judge(buildEvidence({ counts, staged: 0, activeAtStart: 0 }, { deactivates: false, sent: 0 }));
    expect(nobodyYet).toEqual({ kind: 'nothing-staged', problems: [] });
  });
});

describe('Deactivate on hold since a run was undone', () => {
  const onHold = { run: 'run-0', at: '2026-02-01T00:00:00.000Z' };

  it('sweeps nobody and names the run, whatever is staged and whether START knew of it', () => {
    for (const deactivates of [true, false]) {
      const judgement = judge(buildEvidence({ staged: deactivates ? 99 : 0 }, { deactivates, onHold }));
      expect(judgement).toMatchObject({ kind: 'not-swept', reasons: [{ code: 'deactivate-on-hold' }], problems: [] });
      expect('reasons' in judgement && judgement.reasons[0]!.message).toContain('run-0');
    }
  });

  it('is said where the run that was undone is not known', () => {
    expect(codes(buildEvidence({}, { onHold: {} }))).toEqual(['deactivate-on-hold']);
  });

  it('hides neither a read that cannot be trusted nor an empty listing', () => {
    expect(judge(buildEvidence({}, { sent: 101, onHold })).kind).toBe('incomplete');
    const counts = { ...buildReport().counts, read: 0 };
    const empty = judge(buildEvidence({ counts, staged: 0 }, { deactivates: false, sent: 0, onHold }));
    expect(empty).toMatchObject({ kind: 'not-swept', problems: [{ code: 'empty-listing' }] });
  });
});

describe('the confirmation of single lines (evidence f)', () => {
  const line = (number: number): PlanLine => ({
    number,
    kind: 'missing',
    account: `acme:${number}`,
    vendorId: String(number),
    username: null,
    revision: 1,
    protected: false,
    approved: false,
  });
  const answers = (confirmed: number, refuted: number, unclear: number): Confirmation[] =>
    [
      ...new Array<Confirmation['answer']>(confirmed).fill('confirmed'),
      ...new Array<Confirmation['answer']>(refuted).fill('refuted'),
      ...new Array<Confirmation['answer']>(unclear).fill('unclear'),
    ].map((answer, number) => ({ line: line(number), answer, text: 'words of the vendor' }));

  it('lets contradicted and unclear lines wait, each with its own problem', () => {
    const outcome = weighConfirmations(answers(10, 1, 2));
    expect(outcome.waiting).toEqual(['acme:10', 'acme:11', 'acme:12']);
    expect(outcome.problems.map(({ code, count }) => [code, count])).toEqual([
      ['absence-refuted', 1],
      ['confirmation-unclear', 2],
    ]);
    expect(outcome.incomplete).toBeNull();
  });

  it.each([
    [0, 3, false],
    [0, 4, true],
    [36, 4, false],
    [35, 4, true],
    [90, 10, false],
    [89, 10, true],
  ])('beside %i confirmed lines %i contradicted ones make the read incomplete: %s', (confirmed, refuted, expected) => {
    expect(weighConfirmations(answers(confirmed, refuted, 0)).incomplete !== null).toBe(expected);
  });

  it('says why the read is incomplete, with the numbers', () => {
    expect(weighConfirmations(answers(35, 4, 0)).incomplete).toEqual({
      code: 'read-incomplete',
      message: expect.stringMatching(/^The vendor contradicted 4 of 39 absences/),
    });
  });

  it('lets lines wait that take another complete run, and repeats the words', () => {
    const [first] = answers(1, 0, 0);
    const outcome = weighConfirmations([{ ...first!, answer: 'waiting', text: 'one run is not enough' }]);
    expect(outcome).toMatchObject({
      waiting: ['acme:0'],
      incomplete: null,
      problems: [{ code: 'absence-waits', count: 1, message: expect.stringContaining('one run is not enough') }],
    });
    expect(weighConfirmations(answers(0, 0, 1)).problems[0]!.message).toContain('words of the vendor');
  });

  it('names at most twenty users of a problem, as people know them', () => {
    const named = answers(0, 0, 25).map((one, index) =>
      index === 1 ? { ...one, line: { ...one.line, username: 'ada@example.com' } } : one,
    );
    const [problem] = weighConfirmations(named).problems;
    expect(problem!.samples).toHaveLength(20);
    expect(problem!.samples.slice(0, 3)).toEqual(['0', 'ada@example.com', '2']);
  });

  it('never takes unclear answers for contradictions', () => {
    expect(weighConfirmations(answers(0, 0, 500)).incomplete).toBeNull();
  });
});

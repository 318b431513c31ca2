import { describe, expect, it } from '@jest/globals';
import type { AccountDocument, PersonDocument } from '@rollcall/collections';
import type { Cause } from '@rollcall/contracts';
import fc from 'fast-check';

import { buildAccount, buildPerson } from '../../test/build-documents.js';
import { FoldWorld } from '../../test/fold-world.js';

const integrations = ['hr', 'mail', 'chat'] as const;
type Integration = (typeof integrations)[number];
const places = Object.fromEntries(
  integrations.map((id, index) => [id, { priority: index + 1, authoritative: false, name: id, connector: 'test' }]),
);
const by = { kind: 'command' as const, command: 'c', actor: 'ada' };
const run = { kind: 'run' as const, run: 'run-1', integration: 'hr', initial: false };
const sweep: Cause = { kind: 'sweep', run: 'run-1', integration: 'hr', line: 'missing', initial: false };
const refold: Cause = { kind: 'refold', version: 2 };
const byPlan: Cause = { kind: 'people-plan', plan: 'plan-1', from: 'settings', initial: false };
const observation: Cause = { kind: 'observation', command: 'c', workflowRun: 'w', step: 's' };
const retirement = { kind: 'retirement' as const, integration: 'hr', actor: 'ada' };
const hold = { by: 'ada', at: '2026-01-01T00:00:00.000Z', reason: 'test' };

/** One person, active, with these accounts. */
function worldOf(accounts: Partial<Record<Integration, boolean>>): FoldWorld {
  const world = new FoldWorld(places);
  world.people.set('p', buildPerson({ _id: 'p', keys: undefined }));
  for (const [integration, active] of Object.entries(accounts)) {
    const account = buildAccount({ _id: `${integration}:p`, integration, vendorId: 'p', active, person: 'p' });
    world.accounts.set(account._id, account);
  }
  return world;
}
const person = (world: FoldWorld) => world.people.get('p')!;
const touch = (world: FoldWorld, cause: Cause) =>
  world.change(cause, { people: ['p'] }, (fold, origin) => fold.touchPerson('p', origin));
const setAccount = (world: FoldWorld, id: string, cause: Cause, change: Partial<AccountDocument>) =>
  world.change(cause, { accounts: [id] }, (fold, origin) =>
    fold.draft({ ...fold.account(id)!, ...change }, origin, cause.kind === 'sweep' ? cause.run : null),
  );
const planStep = (does: 'deactivate' | 'reactivate') => ({
  does,
  plan: 'plan-1',
  cause: { kind: 'settings' as const, version: 2 },
});
const plan = (world: FoldWorld, does: 'deactivate' | 'reactivate') =>
  world.change(byPlan, { people: ['p'] }, (fold, origin) => {
    fold.touchPerson('p', origin);
    fold.changePerson('p', { planStep: planStep(does) });
  });
/** Due because a setting made an inactive account decide. */
async function due(accounts: Partial<Record<Integration, boolean>> = { hr: false, mail: true }) {
  const world = worldOf(accounts);
  world.setAuthoritative('hr', true);
  await touch(world, refold);
  return world;
}

describe('somebody whom a setting would make inactive', () => {
  it('stays active, takes all values over, and is due by that version', async () => {
    const world = worldOf({ hr: false, mail: true });
    world.accounts.set('mail:p', { ...world.accounts.get('mail:p')!, values: { email: 'new@example.com' } });
    world.setAuthoritative('hr', true);
    const set = await touch(world, refold);
    expect(person(world)).toMatchObject({
      active: true,
      deactivated: null,
      values: { email: 'new@example.com' },
      due: { cause: { kind: 'settings', version: 2 }, since: expect.any(String) },
    });
    expect(set.events.map(({ definition }) => definition.type)).toEqual(['person.updated']);
  });

  it('is not published as due', async () => {
    const world = worldOf({ hr: false, mail: true });
    await touch(world, refold);
    world.setAuthoritative('hr', true);
    const set = await touch(world, refold);
    expect(set.changes).toEqual([]);
    expect(set.replacedPeople[0]!.after.due).toBeDefined();
  });

  it('stays due, and by the same cause, whatever is folded next', async () => {
    const world = await due();
    const before = person(world).due;
    await setAccount(world, 'mail:p', run, { values: { email: 'x@example.com' } });
    await touch(world, refold);
    expect(person(world)).toMatchObject({ active: true, due: before });
  });

  it('is no longer due when a fold says active again', async () => {
    const world = await due();
    world.setAuthoritative('hr', false);
    await touch(world, refold);
    expect(person(world)).toMatchObject({ active: true });
    expect(person(world).due).toBeUndefined();
  });

  it('becomes inactive by the people plan, which is named, and active by its undo until the cause changes', async () => {
    const world = await due();
    const carried = await plan(world, 'deactivate');
    expect(person(world)).toMatchObject({ active: false, deactivated: { run: null, plan: 'plan-1' } });
    expect(person(world).due).toBeUndefined();
    expect(carried.events.map(({ definition }) => definition.type)).toEqual(['person.deactivated']);
    await plan(world, 'reactivate');
    expect(person(world)).toMatchObject({ active: true, deactivated: null, due: { plan: 'plan-1' } });
    await touch(world, refold);
    expect(person(world)).toMatchObject({ active: true, due: { plan: 'plan-1' } });
  });

  it('is not made inactive by a plan when the fold of that moment says active', async () => {
    const world = await due();
    world.setAuthoritative('hr', false);
    await plan(world, 'deactivate');
    expect(person(world).active).toBe(true);
  });
});

describe('what is not the cause', () => {
  const edits: [string, Partial<PersonDocument>][] = [
    ['a protection', { protected: true }],
    ['an override', { overrides: { title: { value: 'x', by: 'ada', at: '2026-01-01T00:00:00.000Z' } } }],
  ];
  it.each(edits)('%s does not deactivate who is due, nor whom no refold has reached yet', async (_name, edit) => {
    for (const isFolded of [true, false]) {
      const world = worldOf({ hr: false, mail: true });
      world.setAuthoritative('hr', true);
      if (isFolded) await touch(world, refold);
      await world.change(by, { people: ['p'] }, (fold, origin) => {
        fold.changePerson('p', edit);
        fold.touchPerson('p', origin);
      });
      expect(person(world)).toMatchObject({ active: true, due: { cause: { kind: 'settings', version: 2 } } });
    }
  });

  it('a sweep of one account does not deactivate who is due by another, while a third is active', async () => {
    const world = await due({ hr: false, mail: true, chat: true });
    await setAccount(world, 'mail:p', sweep, { active: false });
    expect(person(world)).toMatchObject({ active: true, due: { cause: { kind: 'settings' } } });
    await setAccount(world, 'chat:p', sweep, { active: false });
    expect(person(world)).toMatchObject({ active: false, deactivated: { run: 'run-1' } });
  });

  it('a run that brings an inactive account of an authoritative integration only marks', async () => {
    for (const initial of [false, true]) {
      const world = worldOf({ mail: true });
      world.setAuthoritative('hr', true);
      await touch(world, refold);
      await world.change({ ...run, initial }, { people: ['p'] }, (fold, origin) =>
        fold.draft(buildAccount({ _id: 'hr:p', integration: 'hr', active: false, person: 'p' }), origin),
      );
      expect(person(world)).toMatchObject({ active: true, due: { cause: { ...run, initial } } });
    }
  });

  it('a run that finds somebody inactive by a setting, before the refold does, is not', async () => {
    const world = worldOf({ hr: false, mail: true });
    world.setAuthoritative('hr', true);
    await setAccount(world, 'mail:p', run, { values: { email: 'new@example.com' } });
    expect(person(world)).toMatchObject({ active: true, due: { cause: { kind: 'settings', version: 2 } } });
  });

  it('a protection does not deactivate who is due while the only active account of theirs is passive', async () => {
    const world = worldOf({ hr: false, chat: true });
    world.accounts.get('chat:p')!.passive = true;
    await world.change(by, { people: ['p'] }, (fold, origin) => {
      fold.changePerson('p', { protected: true });
      fold.touchPerson('p', origin);
    });
    expect(person(world)).toMatchObject({ active: true, due: { cause: { kind: 'settings' } } });
  });

  it('an undo of a run does not deactivate who is due by a setting, while another account is active', async () => {
    const undo: Cause = { kind: 'undo', run: 'run-1', integration: 'mail' };
    const world = await due({ hr: false, mail: true, chat: true });
    await setAccount(world, 'mail:p', undo, { active: false });
    expect(person(world)).toMatchObject({ active: true, due: { cause: { kind: 'settings' } } });
  });

  it('a retirement only marks, and leaves whoever has no account as they were', async () => {
    const retire = (world: FoldWorld, id: string) =>
      world.change(retirement, { accounts: [id] }, (fold, origin) =>
        fold.retire(id, { by: 'ada', at: origin.time }, origin),
      );
    const other = worldOf({ hr: true, mail: false });
    await retire(other, 'hr:p');
    expect(person(other)).toMatchObject({ active: true, due: { cause: { kind: 'retirement', integration: 'hr' } } });
    const alone = worldOf({ hr: true });
    await retire(alone, 'hr:p');
    expect(person(alone).active).toBe(true);
    expect(person(alone).due).toBeUndefined();
  });
});

describe('what acts at once', () => {
  it('is a hold, a merge, an account held inactive, an account given away, and an observation', async () => {
    const held = await due();
    await held.change(by, { people: ['p'] }, (fold, origin) => {
      fold.changePerson('p', { hold, heldActive: false });
      fold.touchPerson('p', origin);
    });
    const merged = worldOf({ mail: true });
    await merged.change(by, { people: ['p'] }, (fold, origin) => {
      fold.changePerson('p', { mergedInto: 'q' });
      fold.touchPerson('p', origin);
    });
    const account = worldOf({ mail: true });
    await setAccount(account, 'mail:p', by, { active: false, hold });
    const given = worldOf({ mail: true, chat: false });
    given.people.set('q', buildPerson({ _id: 'q', keys: undefined }));
    await given.change(by, { accounts: ['mail:p'], people: ['p', 'q'] }, (fold, origin) => {
      fold.draft({ ...fold.account('mail:p')!, person: 'q' }, origin);
      fold.touchPerson('p', origin);
    });
    const observed = worldOf({ mail: true });
    await setAccount(observed, 'mail:p', observation, { active: false });
    for (const world of [held, merged, account, given, observed]) {
      expect(person(world).active).toBe(false);
      expect(person(world).due).toBeUndefined();
    }
  });

  it('is an undo of the run that had brought somebody back, or had made them', async () => {
    const undo: Cause = { kind: 'undo', run: 'run-1', integration: 'mail' };
    const back = worldOf({ mail: true, chat: false });
    await setAccount(back, 'mail:p', undo, { active: false });
    const made = worldOf({ mail: true });
    await made.change(undo, { accounts: ['mail:p'] }, (fold, origin) => {
      fold.retire('mail:p', { by: 'ada', at: origin.time, run: 'run-1' }, origin);
      fold.changePerson('p', { undone: { run: 'run-1', at: origin.time } });
    });
    for (const world of [back, made]) {
      expect(person(world)).toMatchObject({ active: false });
      expect(person(world).due).toBeUndefined();
    }
    expect(person(made)).toMatchObject({ undone: { run: 'run-1' } });
  });

  it('is lifting a hold that kept somebody active', async () => {
    const world = worldOf({ mail: false });
    world.people.set('p', { ...person(world), hold });
    await world.change(by, { people: ['p'] }, (fold, origin) => {
      fold.changePerson('p', { hold: null });
      fold.touchPerson('p', origin);
    });
    expect(person(world).active).toBe(false);
  });
});

type Action =
  | { readonly kind: 'settings'; readonly integration: Integration; readonly on: boolean; readonly refolds: boolean }
  | {
      readonly kind: 'new-account' | 'retire';
      readonly integration: Integration;
      readonly who: number;
      readonly active: boolean;
    }
  | {
      readonly kind: 'sweep' | 'observe' | 'return' | 'hold-account';
      readonly integration: Integration;
      readonly who: number;
    }
  | { readonly kind: 'hold' | 'protect'; readonly who: number; readonly on: boolean; readonly active: boolean }
  | { readonly kind: 'refold' | 'plan' | 'undo' };

const who = fc.nat(2);
const integration = fc.constantFrom(...integrations);
const actions: fc.Arbitrary<Action[]> = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant('settings' as const), integration, on: fc.boolean(), refolds: fc.boolean() }),
    fc.record({
      kind: fc.constantFrom('new-account' as const, 'retire' as const),
      integration,
      who,
      active: fc.boolean(),
    }),
    fc.record({
      kind: fc.constantFrom('sweep' as const, 'observe' as const, 'return' as const, 'hold-account' as const),
      integration,
      who,
    }),
    fc.record({
      kind: fc.constantFrom('hold' as const, 'protect' as const),
      who,
      on: fc.boolean(),
      active: fc.boolean(),
    }),
    fc.record({ kind: fc.constantFrom('refold' as const, 'plan' as const, 'undo' as const) }),
  ),
  { maxLength: 30 },
);

/** Three people and what happens to them; says of each step who may become inactive by it. */
class Play {
  readonly world = new FoldWorld(places);
  readonly people = ['p0', 'p1', 'p2'];

  constructor() {
    for (const id of this.people) {
      this.world.people.set(id, buildPerson({ _id: id, keys: undefined }));
      const account = buildAccount({ _id: `mail:${id}`, integration: 'mail', vendorId: id, person: id, values: {} });
      this.world.accounts.set(account._id, account);
    }
  }

  /** People whom this step may make inactive, by the rule alone. */
  async take(action: Action): Promise<readonly string[]> {
    switch (action.kind) {
      case 'settings':
        this.world.setAuthoritative(action.integration, action.on);
        if (action.refolds) await this.refold();
        return [];
      case 'refold':
        await this.refold();
        return [];
      case 'plan':
      case 'undo':
        return this.plan(action.kind === 'plan' ? 'deactivate' : 'reactivate');
      case 'hold':
      case 'protect':
        return this.edit(action);
      default:
        return this.account(action);
    }
  }

  private async refold(): Promise<void> {
    await this.world.change(refold, { people: this.people }, (fold, origin) => {
      for (const id of this.people) fold.touchPerson(id, origin);
    });
  }

  private async plan(does: 'deactivate' | 'reactivate'): Promise<readonly string[]> {
    const some = this.people.filter((id) => {
      const { due: mark, active, deactivated } = this.world.people.get(id)!;
      return does === 'deactivate' ? mark !== undefined : !active && deactivated?.plan !== undefined;
    });
    await this.world.change(byPlan, { people: some }, (fold, origin) => {
      for (const id of some) {
        fold.touchPerson(id, origin);
        fold.changePerson(id, { planStep: planStep(does) });
      }
    });
    return does === 'deactivate' ? some : [];
  }

  private async edit(action: Extract<Action, { kind: 'hold' | 'protect' }>): Promise<readonly string[]> {
    const id = this.people[action.who]!;
    await this.world.change(by, { people: [id] }, (fold, origin) => {
      const held = { hold: action.on ? hold : null, heldActive: action.on ? action.active : null };
      fold.changePerson(id, action.kind === 'hold' ? held : { protected: action.on });
      fold.touchPerson(id, origin);
    });
    return action.kind === 'hold' ? [id] : [];
  }

  private async account(
    action: Exclude<Action, { kind: 'settings' | 'refold' | 'plan' | 'undo' | 'hold' | 'protect' }>,
  ): Promise<readonly string[]> {
    const id = this.people[action.who]!;
    const name = `${action.integration}:${id}`;
    const known = this.world.accounts.get(name);
    if (action.kind === 'new-account') {
      if (known) return [];
      const { integration: source, active } = action;
      await this.world.change(run, { people: [id] }, (fold, origin) =>
        fold.draft(
          buildAccount({ _id: name, integration: source, vendorId: id, person: id, active, values: {} }),
          origin,
        ),
      );
      return [];
    }
    if (!known || known.retired) return [];
    if (action.kind === 'retire') {
      await this.world.change(
        { ...retirement, integration: action.integration },
        { accounts: [name] },
        (fold, origin) => fold.retire(name, { by: 'ada', at: origin.time }, origin),
      );
      return [];
    }
    const causes: Record<typeof action.kind, Cause> = {
      sweep,
      observe: observation,
      'hold-account': by,
      return: run,
    };
    await setAccount(this.world, name, causes[action.kind], { active: action.kind === 'return' });
    return action.kind === 'return' ? [] : [id];
  }
}

/** D3, written a second time and independently. */
function d3(world: FoldWorld, id: string): boolean {
  const own = world.accountsOf(id).filter(({ passive }) => !passive);
  const trusted = own.filter((account) => world.settings.integrations[account.integration]!.authoritative);
  const deciding = trusted.length > 0 ? trusted : own;
  return deciding.length === 0 || deciding.some(({ active }) => active);
}

describe('over random settings, accounts and runs', () => {
  it('nobody becomes inactive but by a sweep, an observation, a command of a person, or a people plan', async () => {
    await fc.assert(
      fc.asyncProperty(actions, async (history) => {
        const play = new Play();
        for (const action of history) {
          const before = new Map(play.people.map((id) => [id, play.world.people.get(id)!.active]));
          const allowed = await play.take(action);
          for (const id of play.people) {
            const after = play.world.people.get(id)!;
            if (before.get(id) && !after.active) expect(allowed).toContain(id);
          }
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it('after a refold somebody differs from what their accounts say only while held, due, or without accounts', async () => {
    await fc.assert(
      fc.asyncProperty(actions, async (history) => {
        const play = new Play();
        for (const action of history) await play.take(action);
        await play.take({ kind: 'refold' });
        for (const id of play.people) {
          const { active, hold: held, due: mark } = play.world.people.get(id)!;
          if (held !== null || play.world.accountsOf(id).length === 0) continue;
          if (d3(play.world, id)) expect([active, mark]).toEqual([true, undefined]);
          else expect(active).toBe(mark !== undefined);
        }
      }),
      { numRuns: 1_000 },
    );
  });
});

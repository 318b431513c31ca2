import { describe, expect, it } from '@jest/globals';
import type { Deed, KeyHolder } from '@rollcall/contracts';
import fc from 'fast-check';

import { whyAnotherPerson } from './another-person.js';

const at = new Date('2026-11-20T08:00:00.000Z');
const deed = (by: string, what = 'changed the mapping of "Directory"'): Deed => ({ by, at, what });
const holder = (name: string, actors: string[], mayApprove = true): KeyHolder => ({ name, actors, mayApprove });

describe('who approves a held plan', () => {
  it('is somebody who did nothing that it follows from', () => {
    expect(whyAnotherPerson([deed('ada')], 'bo', [])).toBeNull();
    expect(whyAnotherPerson([], 'ada', [])).toBeNull();
  });

  it('is not the person who did it, with whichever of their keys', () => {
    const holders = [holder('Ada', ['ada-1', 'ada-2']), holder('Bo', ['bo'])];
    for (const actor of ['ada-1', 'ada-2']) {
      expect(whyAnotherPerson([deed('ada-1')], actor, holders)).toMatch(
        /^You \(Ada\) changed the mapping of "Directory" on 2026-11-20T08:00:00.000Z\. .*people may approve it: Bo\.$/,
      );
    }
    expect(whyAnotherPerson([deed('ada-1')], 'bo', holders)).toBeNull();
  });

  it('is not whoever did it, if their key belongs to nobody known', () => {
    const refusal = whyAnotherPerson([deed('ada')], 'ada', [holder('Bo', ['bo'])]);
    expect(refusal).toMatch(/^You \(ada\) changed .* may approve it: Bo\.$/);
  });

  it('is told the first five of many people, and how many more there are', () => {
    const names = ['Bo', 'Cy', 'Di', 'Ed', 'Fay', 'Gus', 'Hal'];
    const told = (count: number) =>
      whyAnotherPerson(
        [deed('ada')],
        'ada',
        names.slice(0, count).map((name) => holder(name, [name])),
      );
    expect(told(3)).toMatch(/may approve it: Bo, Cy and Di\.$/);
    expect(told(5)).toMatch(/may approve it: Bo, Cy, Di, Ed and Fay\.$/);
    expect(told(7)).toMatch(/may approve it: Bo, Cy, Di, Ed, Fay and 2 more\.$/);
  });

  it('hears of everything that they did, who else may approve, and what to do when there is nobody', () => {
    const deeds = [deed('ada'), deed('bo', 'changed the credential "Main"'), deed('ada', 'started run 7')];
    const holders = [holder('Ada', ['ada']), holder('Bo', ['bo']), holder('Cy', ['cy'], false)];
    const refusal = whyAnotherPerson(deeds, 'ada', holders)!;
    expect(refusal).toMatch(/changed the mapping of "Directory" on \S+ and started run 7 on /);
    expect(refusal).not.toContain('Main');
    expect(refusal).toMatch(/Nobody .* free to\. Make a key for another person .* PUT \/guard-settings/);
  });

  it('is refused exactly to the owners of keys that did something', () => {
    const actors = ['a', 'b', 'c', 'd', 'e'];
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...actors), { maxLength: 4 }),
        fc.array(fc.constantFrom('Ada', 'Bo', 'Cy'), { minLength: 5, maxLength: 5 }),
        fc.constantFrom(...actors),
        (editors, owners, actor) => {
          const ownerOf = (key: string) => owners[actors.indexOf(key)]!;
          const holders = ['Ada', 'Bo', 'Cy'].flatMap((name) => {
            const own = actors.filter((key) => ownerOf(key) === name);
            return own.length === 0 ? [] : [holder(name, own)];
          });
          const refused =
            whyAnotherPerson(
              editors.map((by) => deed(by)),
              actor,
              holders,
            ) !== null;
          expect(refused).toBe(editors.some((by) => ownerOf(by) === ownerOf(actor)));
        },
      ),
    );
  });
});

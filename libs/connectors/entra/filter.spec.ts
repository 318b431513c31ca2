import { describe, expect, it } from '@jest/globals';

import { connector } from './index.js';
import { quoted } from './query.js';

const problems = (filter: string) => connector.inputProblems?.('users-with-filtering', { filter }) ?? ['none judged'];

describe('what is certainly wrong with a filter (R59)', () => {
  it.each([
    ["city eq 'Bonn", 'single quote'],
    ["surname eq 'O'Brien'", 'single quote'],
    ["(city eq 'Bonn'", 'parentheses'],
    ["city eq 'Bonn')", 'parentheses'],
    [")city eq 'Bonn'(", 'parentheses'],
    ['city eq "Bonn"', 'straight single quotes'],
    ['city eq ‘Bonn’', 'straight single quotes'],
    ["city eq 'Bonn'\nor city eq 'Ulm'", 'one line'],
    ["$filter=city eq 'Bonn'", '$filter='],
    ['default', 'capital D'],
    [`city eq '${'ü'.repeat(1000)}'`, 'too long'],
  ])('refuses %j without asking the vendor', (filter, words) => {
    expect(problems(filter)).toHaveLength(1);
    expect(problems(filter)[0]).toContain(words);
  });

  it.each([
    "employeeType in ('Admin', 'Contingent Workers')",
    'Default',
    ' ',
    "city eq '(“)'",
    "startsWith(mail, ')') or city in ('a','b')",
    "accountEnabled eq true and (city eq 'x')",
  ])('has nothing against %j', (filter) => expect(problems(filter)).toEqual([]));

  it('says nothing about a filter that its load does not ask for', () => {
    expect(connector.inputProblems?.('users', { filter: '(((' })).toEqual([]);
  });
});

describe('a text inside a filter', () => {
  it('stands in single quotes, those inside doubled', () => {
    expect(quoted("O'Brien")).toBe("'O''Brien'");
    expect(problems(`surname eq ${quoted("O'B''r")}`)).toEqual([]);
  });
});

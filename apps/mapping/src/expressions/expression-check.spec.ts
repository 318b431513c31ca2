import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { compileExpression } from './compile-expression.js';
import { checkExpression, ExpressionError } from './expression-check.js';

const namesOf = (text: string) => {
  const { names } = checkExpression(text);
  return names === null ? null : [...names].sort();
};

describe('what can be known of an expression without a record', () => {
  it.each<[string, string[] | null]>([
    ['$uppercase(name)', ['name']],
    ['groups[type = "a"].title', ['groups', 'title', 'type']],
    ['first & last', ['first', 'last']],
    ['1 + 2', []],
    ['$keys($)', null],
    ['$keys()', null],
    ['$lookup($$, "name")', null],
    ['$map(["name"], $lookup(?, "a"))', null],
    ['*', null],
    ['**.name', null],
    ['a.%.b', null],
    ['$ ~> |a|{"b": 1}|', null],
    ['(function($x)<x-:x>{ $x })()', null],
  ])('%s looks at %j', (text, names) => {
    expect(namesOf(text)).toEqual(names);
  });

  it('is right about the names: the other values of a record change nothing', async () => {
    const record = { a: { b: 1, c: ['x', 'y'] }, b: 'text', c: [{ a: 2 }, { a: 3 }], d: true };
    const leaf = fc.constantFrom('a', 'b', 'c', 'd', '"x"', '2', 'a.b', 'c.a', 'a.c[0]', '$', '$$', '*', 'c[a > 2]');
    const { expression } = fc.letrec<{ expression: string }>((tie) => ({
      expression: fc.oneof(
        { maxDepth: 3 },
        leaf,
        fc
          .tuple(tie('expression'), tie('expression'))
          .chain(([one, other]) =>
            fc.constantFrom(
              `(${one}) & (${other})`,
              `(${one}).(${other})`,
              `(${one})[${other}]`,
              `{ "k": ${one}, "l": ${other} }`,
              `[${one}, ${other}]`,
              `$exists(${one}) ? ${other} : ${one}`,
              `$map([${one}], function($v, $i, $a) { ${other} })`,
              `($f := $string; $f(${one}))`,
              `$merge([{ "m": ${one} }, $each(${other}, function($v, $k) { { $k: $v } })])`,
              `$keys(${one})`,
              `$append(${one}, $lookup("a"))`,
              `(${one})^(${other})`,
              `(${one}){ $string(${other}): $count($) }`,
            ),
          ),
      ),
    }));
    const outcome = async (text: string, of: object) =>
      compileExpression(text)
        .evaluate(of, 60_000)
        .then(
          ({ value }) => ({ value }),
          (error: Error) => ({ message: error.message }),
        );
    await fc.assert(
      fc.asyncProperty(expression, async (text) => {
        const { names } = checkExpression(text);
        if (names === null) return;
        const part = Object.fromEntries(Object.entries(record).filter(([name]) => names.has(name)));
        expect(await outcome(text, part)).toEqual(await outcome(text, record));
      }),
      { numRuns: 500 },
    );
  });

  it('never throws anything but its own error, and soon, whatever the text is', () => {
    const nested = (open: string, close: string, count = 900) => `${open.repeat(count)}a${close.repeat(count)}`;
    const texts = [
      nested('(', ')'),
      nested('[', ']'),
      nested('-', '', 1_900),
      nested('a.(', ')', 480),
      nested('a[', ']', 480),
      nested('$f(', ')', 480),
      nested('%.', '', 900),
      nested('{"a":', '}', 320),
      nested('a~>', '', 600),
      nested('function($x){', '}', 140),
      nested('a^(', ')', 480),
      nested('a?', ':a', 600),
    ];
    const text = fc.oneof(
      fc.constantFrom(...texts),
      fc.string({ maxLength: 60 }),
      fc.string({ maxLength: 60, unit: fc.constantFrom(...'ab1"$%&()[]{}|^~>:=?.*/-,; \\'.split('')) }),
    );
    fc.assert(
      fc.property(text, (one) => {
        const started = process.cpuUsage();
        try {
          checkExpression(one);
        } catch (error) {
          expect(error).toBeInstanceOf(ExpressionError);
        }
        expect(process.cpuUsage(started).user).toBeLessThan(1_000_000);
      }),
      { numRuns: 400, examples: texts.map((one): [string] => [one]) },
    );
  });
});

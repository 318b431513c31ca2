import { describe, expect, it } from '@jest/globals';

import { compileExpression } from './compile-expression.js';
import { ExpressionError } from './expression-check.js';
import { ValueFailure } from './value-failure.js';

const evaluate = async (text: string, record: unknown = {}, limitMs = 60_000) =>
  (await compileExpression(text).evaluate(record, limitMs)).value;

/** A value that holds `width` to the power of `depth` values, by reference to a handful of lists. */
function listsByReference(depth: number): string {
  const steps = Array.from({ length: depth }, () => `$t := [${Array(10).fill('[$t]').join(',')}]`);
  return ['$t := [1,2,3,4,5,6,7,8,9,10]', ...steps].join('; ');
}

describe('an expression over a record', () => {
  it.each<[string, unknown]>([
    ['$uppercase(name)', 'ADA'],
    ['first & " " & last', 'Ada Lovelace'],
    ['groups[0]', 'x'],
    ['groups[$contains("y")]', 'y'],
    ['$join(groups, "+")', 'x+y'],
    ['groups', ['x', 'y']],
    ['active and level > 3', true],
    ['missing.deep', undefined],
    ['$map(groups, function($g) { $g & "!" })', ['x!', 'y!']],
    ['profile.`work-mail`', 'w@example.com'],
    ['$sort(mixed)', ['a', 'b', 'b', 'c']],
    ['$sort(numbers)', [1, 2, 10]],
    ['$sort(mixed, function($a, $b) { $a < $b })', ['c', 'b', 'b', 'a']],
    ['$distinct(mixed)', ['b', 'c', 'a']],
    ['$distinct(numbers)[0]', 10],
    ['$distinct(pairs)', [{ a: 1 }, { a: 2 }]],
    ['$fromMillis($toMillis("05.01.2026", "[D01].[M01].[Y0001]"), "[Y0001]-[M01]-[D01]")', '2026-01-05'],
    ['$toMillis("2026-01-05T12:00:00") = $toMillis("2026-01-05T12:00:00Z")', true],
    ['$formatNumber(1234.5, "#,##0.00")', '1,234.50'],
    ['$formatInteger(7, "000")', '007'],
    ['$parseInteger("seventeen", "w")', 17],
    ['$assert(true, name)', undefined],
  ])('%s is %j', async (text, result) => {
    const record = {
      name: 'ada',
      first: 'Ada',
      last: 'Lovelace',
      groups: ['x', 'y'],
      mixed: ['b', 'c', 'b', 'a'],
      numbers: [10, 2, 1],
      pairs: [{ a: 1 }, { a: 2 }, { a: 1 }],
      active: true,
      level: 4,
      profile: { 'work-mail': 'w@example.com' },
    };
    expect(await evaluate(text, record)).toEqual(result);
  });

  it.each([
    ['(', /cannot be read: .*character 1/],
    ['name ~> ', /cannot be read/],
    ['$match(name, /(a+)+$/)', /Regular expressions/],
    ['$sum([1..1000000])', /Ranges/],
    ['$now()', /\$now is not available/],
    ['($f := $eval; $f("1"))', /\$eval is not available/],
    ['$shuffle(groups)', /\$shuffle/],
    ['$pad("x", 1000000000)', /\$pad/],
    ['$toMillis(name, "[MN][FN][PN][MN][FN][PN][MN][FN][PN][MN]")', /\$toMillis takes no such picture/],
    ['name ~> $toMillis("[Ya][Ma][Da]")', /\$toMillis takes no such picture/],
    ['$toMillis(?, "[Yw][Mw][Dw]")', /\$toMillis takes no such picture/],
    ['level.$formatNumber("0e0")', /\$formatNumber takes no such picture/],
  ])('%s is refused when it is saved', (text, words) => {
    expect(() => compileExpression(text)).toThrow(ExpressionError);
    expect(() => compileExpression(text)).toThrow(words);
  });

  it.each<[string, RegExp]>([
    ['($f := function($n) { $f($n + 1) }; $f(1))', /more than 5000 steps/],
    ['(function($f, $n) { $f($f, $n + 1) })(function($f, $n) { $f($f, $n + 1) }, 1)', /more than 5000 steps/],
    ['($d := function($s, $n) { $n = 0 ? $s : $d($s & $s, $n - 1) }; $d("xxxxxxxxxx", 60))', /100000 characters/],
    ['$number(name)', /^The value is not a number \(character 8\)\.$/],
    ['name + 1', /^What is left of "\+" is not a number/],
    ['$nothing(name)', /^"nothing" is not a function/],
    ['$uppercase(name, 4)', /^"uppercase" was given a value of another type/],
    ['function($x) { $x }', /The result is a function/],
    ['[1, function($x) { $x }]', /The result is a function/],
    ['$string', /The result is a function/],
    ['$sum([function() { 1 }])', /list with values of another type/],
    ['$merge([function() { 1 }])', /list with values of another type/],
    ['$join([function() { "x" }])', /list with values of another type/],
    ['$sum([1e308, 1e308])', /not a finite number/],
    ['$formatNumber($sum([1e308, 1e308]), "0")', /too large/],
    ['$formatNumber(0, "#", { "zero-digit": "" })', /takes no options/],
    ['$formatInteger(1e300, "I")', /too large/],
    ['($p := "[MN][FN]"; $toMillis(name, $p))', /takes no such picture/],
    ['$map([name], $toMillis(?, "[MN]" & "[FN]"))', /takes no such picture/],
    ['$error(name & " of " & level)', /^The expression ended with \$error\.$/],
    ['$assert(false, name)', /^The expression ended with \$assert\.$/],
    [`(${listsByReference(7)}; $string($t))`, /more than 100000 values/],
    [`(${listsByReference(7)}; $t & "")`, /more than 100000 values/],
    [`(${listsByReference(7)}; $t = $t)`, /more than 100000 values/],
    ['$join(many, $join(many, $join(many, "+")))', /100000 characters/],
    ['few.$$.many', /A list became too long/],
    ['$replace($join(many), "x", $join(many))', /too long/],
    ['$replace($join(many), "x", "xxxx")', /100000 characters/],
    ['$count($distinct(objects))', /too many lists or objects/],
  ])('%s fails for the record, with a reason that shows nothing of it', async (text, words) => {
    const record = {
      name: 'ada lovelace',
      level: 3,
      many: Array.from({ length: 9_990 }, () => 'x'.repeat(9)),
      few: [1, 2, 3],
      objects: Array.from({ length: 500 }, (_, id) => ({ id })),
    };
    const failed = evaluate(text, record);
    await expect(failed).rejects.toBeInstanceOf(ValueFailure);
    await expect(failed).rejects.toThrow(words);
    await expect(failed).rejects.not.toThrow(/ada lovelace|xxxx/);
  });

  it('compares and sorts lists that are as long as they may be without going through each with each', async () => {
    const record = { texts: Array.from({ length: 9_990 }, (_, index) => `text ${(index * 7919) % 9_990}`) };
    const rounds = '$map([1,2,3,4,5,6,7,8,9,10], function($x) { $count($distinct(texts)) + $count($sort(texts)) })';
    expect(await evaluate(rounds, record, 5_000)).toEqual(Array(10).fill(19_980));
  });

  it('is told by the clock to stop where steps are few and each of them is long', async () => {
    const record = { many: Array.from({ length: 9_990 }, (_, index) => index) };
    const slow = '($f := function($n) { $n = 0 ? 0 : $f($n - $count($reverse(many)) / 9990) }; $f(1200))';
    await expect(evaluate(slow, record, 5)).rejects.toThrow('The expression took longer than 5 ms.');
  });

  it('gives each record its own steps, whatever the one before left behind', async () => {
    const endless = '($f := function($n) { $f($n + 1) }; numbers{$string($): $f(1), "all": $count($)})';
    const expression = compileExpression('$sum(numbers.($ + 0)) & ":" & id');
    const results = [];
    for (const id of [1, 2, 3]) {
      await expect(evaluate(endless, { numbers: [1, 2, 3] })).rejects.toThrow(/more than 5000 steps|same key/);
      const numbers = Array.from({ length: 1_000 }, () => id);
      results.push((await expression.evaluate({ id, numbers }, 60_000)).value);
    }
    expect(results).toEqual(['1000:1', '2000:2', '3000:3']);
  });
});

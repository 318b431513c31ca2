import { describe, expect, it } from '@jest/globals';

import { compileExpression, ExpressionError } from './expressions.js';
import { ValueFailure } from './transforms.js';

const evaluate = (text: string, record: Record<string, unknown> = {}) => compileExpression(text).evaluate(record);

describe('an expression over a record', () => {
  it.each([
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
  ])('%s is %j', async (text, result) => {
    const record = {
      name: 'ada',
      first: 'Ada',
      last: 'Lovelace',
      groups: ['x', 'y'],
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
  ])('%s is refused when it is saved', (text, words) => {
    expect(() => compileExpression(text)).toThrow(ExpressionError);
    expect(() => compileExpression(text)).toThrow(words);
  });

  it.each([
    ['($f := function($n) { $f($n + 1) }; $f(1))', /more than 5000 steps|stack/i],
    ['(function($f, $n) { $f($f, $n + 1) })(function($f, $n) { $f($f, $n + 1) }, 1)', /more than 5000 steps|stack/i],
    [
      '($d := function($s, $n) { $n = 0 ? $s : $d($s & $s, $n - 1) }; $d("xxxxxxxxxx", 60))',
      /more than 100000 characters/,
    ],
    ['$number(name)', /./],
    ['name + 1', /./],
    ['$nothing(name)', /./],
  ])('%s fails for the record, with its reason', async (text, words) => {
    const failed = evaluate(text, { name: 'ada lovelace' });
    await expect(failed).rejects.toBeInstanceOf(ValueFailure);
    await expect(failed).rejects.toThrow(words);
    await expect(failed).rejects.not.toThrow(/ada lovelace/);
  });

  it('gives each of many records at once its own steps and its own result', async () => {
    const expression = compileExpression('$sum(numbers) & ":" & id');
    const results = await Promise.all(
      [1, 2, 3].map((id) => expression.evaluate({ id, numbers: Array.from({ length: 1_000 }, () => id) })),
    );
    expect(results).toEqual(['1000:1', '2000:2', '3000:3']);
  });
});

import fc from 'fast-check';

/** A record whose every text holds this word, which no failure may show. */
export const canary = 'zqcanary';

export const bombRecords = [
  {
    mail: `${canary}@example.com`,
    name: canary,
    tags: [canary, `${canary} 2`],
    level: 3,
    when: '2026-01-05T10:00:00Z',
  },
  {
    mail: `${'a'.repeat(60)}!${canary}`,
    name: `${canary}${'x'.repeat(20_000)}`,
    tags: Array.from({ length: 9_990 }, (_, index) => `${canary}${(index * 7919) % 9_990}`),
    level: 1e308,
    when: '9'.repeat(300),
    deep: Array.from({ length: 90 }).reduce<object>((inner) => ({ [canary]: inner }), {}),
  },
];

const value = fc.constantFrom(
  'mail',
  'name',
  'tags',
  'level',
  'when',
  'deep',
  '$',
  '$$',
  '"x"',
  '7',
  '1e308',
  '[1,2,3]',
);
const lambda = fc.constantFrom(
  'function($x) { $x }',
  'function($x, $i, $a) { [$a, $a] }',
  'function($a, $b) { $a < $b }',
  'function($a, $b) { $append($a, $b) }',
  'function() { 1 }',
  '$string',
  '$uppercase',
  '$distinct',
  '$replace(?, "a", name)',
  '$split(?, "")',
  '$append(?, tags)',
);
const datePicture = fc
  .array(
    fc.constantFrom(
      '[Y]',
      '[Ya]',
      '[Yw]',
      '[YI]',
      '[MN]',
      '[MNn]',
      '[FN]',
      '[PN]',
      '[P]',
      '[Y0001]',
      '[D]',
      '-',
      ' ',
      'T',
    ),
    {
      minLength: 1,
      maxLength: 12,
    },
  )
  .map((parts) => `"${parts.join('')}"`);
const numberPicture = fc.constantFrom(
  '"0e0"',
  '"#,##0.00"',
  '"I"',
  '"A"',
  '"w"',
  '"W;o"',
  `"${'0'.repeat(300)}"`,
  '"#"',
  '""',
);

/** Expressions that know how to be expensive: lists by reference, texts that double, sorts, pictures, functions as values. */
const bombs = fc.letrec<{ expression: string }>((tie) => {
  const inner = tie('expression');
  const by = (make: (...parts: string[]) => string, ...parts: fc.Arbitrary<string>[]) =>
    fc.tuple(...parts).map((made) => make(...made));
  const count = fc.integer({ min: 2, max: 40 }).map(String);
  return {
    expression: fc.oneof(
      { depthSize: 'small', maxDepth: 4 },
      { arbitrary: value, weight: 2 },
      // Memory.
      by(
        (one, n) => `($t := ${one}; ${'$t := [[$t],[$t],[$t],[$t],[$t],[$t],[$t],[$t]];'.repeat(Number(n) / 4)} $t)`,
        inner,
        count,
      ),
      by((one, n) => `($t := $string(${one}); ${'$t := $t & $t;'.repeat(Number(n))} $t)`, inner, count),
      by((one, n) => `($t := ${one}; ${'$t := $append($t, $t);'.repeat(Number(n))} $t)`, inner, count),
      by((one, n) => `($t := ${one}; ${'$t := {"a": $t, "b": $t, "c": $t};'.repeat(Number(n))} $t)`, inner, count),
      by((one, other) => `$join(tags, $join(tags, $string(${one} & ${other})))`, inner, inner),
      by((one, other) => `$replace($string(${one}), "a", $string(${other}))`, inner, inner),
      by((one, other) => `(${one}).(${other}).(${one})`, inner, inner),
      by((one) => `$zip(${one}, ${one}, ${one})`, inner),
      // Time.
      by((one, fun) => `$sort(${one}, ${fun})`, inner, lambda),
      by((one) => `$map([1,2,3,4,5,6,7,8,9,10], function($x) { $count($distinct(${one})) })`, inner),
      by((one, fun) => `$reduce(${one}, ${fun})`, inner, lambda),
      by((one, fun) => `$map(${one}, ${fun})`, inner, lambda),
      by((one, fun) => `$filter(${one}, ${fun})`, inner, lambda),
      by((one) => `($f := function($n) { $f(${one}) & $f($n) }; $f(1))`, inner),
      by((one) => `($f := function($n) { $f($n + 1) }; {"a": $f(1), "b": $f(${one}), "c": $f(2)})`, inner),
      by((one, other) => `(${one})^(<${other})`, inner, inner),
      by((one, other) => `(${one}){ $string(${other}): $ }`, inner, inner),
      by((one, other) => `${one} in ${other} = ${one}`, inner, inner),
      by((one) => `(${one}).**`, inner),
      by((one) => `$ ~> |**|{"k": ${one}}|`, inner),
      // Pictures.
      by((one, picture) => `$toMillis($string(${one}), ${picture})`, inner, datePicture),
      by((one, picture) => `$toMillis($string(${one}), ${picture} & "")`, inner, datePicture),
      by((one, picture) => `$fromMillis($number(${one}), "" & ${picture})`, inner, datePicture),
      by((one, picture) => `$formatNumber($sum([level, ${one}]), "" & ${picture})`, inner, numberPicture),
      by(
        (one, picture) => `$formatNumber(level, "" & ${picture}, {"zero-digit": "", "digit": $string(${one})})`,
        inner,
        numberPicture,
      ),
      by((one, picture) => `$formatInteger($number(${one}), "" & ${picture})`, inner, numberPicture),
      by((one, picture) => `$parseInteger($string(${one}), "" & ${picture})`, inner, numberPicture),
      // Functions and what refers to itself, as values.
      by((one, fun) => `$sum([${fun}, ${one}])`, inner, lambda),
      by((one, fun) => `$merge([{"a": ${one}}, {"f": ${fun}}])`, inner, lambda),
      by((fun) => `$join([${fun}])`, lambda),
      by((fun, other) => `(${fun} ~> ${other})`, lambda, lambda),
      by(
        (one, fun) =>
          `$match($string(${one}), function($s) { {"match": "a", "start": 0, "end": 1, "groups": [], "next": ${fun}} })`,
        inner,
        lambda,
      ),
      // Messages.
      by((one) => `$error($string(${one}))`, inner),
      by((one) => `$assert(false, $string(${one}))`, inner),
      by((one, other) => `$number(${one}) + ${other}`, inner, inner),
      by((one) => `(${one})()`, inner),
    ),
  };
}).expression;

/** None is longer than what can be saved. */
export const bomb = bombs.filter((text) => text.length <= 2_000);

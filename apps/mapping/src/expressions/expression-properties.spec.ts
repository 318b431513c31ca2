import { describe, expect, it } from '@jest/globals';

import { propertiesInExpression } from './expression-properties.js';

describe('the properties of a record that an expression reads', () => {
  it.each([
    ['mail', ['mail']],
    ['mail ? mail : $uppercase(upn)', ['mail', 'upn']],
    ['emails[primary].value', ['emails']],
    ['$$.a.b & $.c', ['a', 'c']],
    ['$map(items, function($i) { $i.name & department })', ['items', 'department']],
    ['a.(b & $$.c)', ['a', 'c']],
    ['items^(>price).name', ['items']],
    ['items[$.x = $$.y]', ['items', 'y']],
    ['(x; y).z', ['x', 'y']],
    ['[a, b.c][0]', ['a', 'b']],
    ['{"n": a, "m": {"k": b}}', ['a', 'b']],
    ['a{name: x}', ['a']],
    ['"work mail".x & `odd name`', ['work mail', 'odd name']],
    ['$u := a; $u.b', []],
    ['($u := a; $u.b)', ['a']],
    ['a ~> $uppercase', ['a']],
    ['"text" & 7', []],
  ])('%s reads %j', (text, names) => {
    expect(propertiesInExpression(text).sort()).toEqual([...names].sort());
  });
});

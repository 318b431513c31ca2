import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { namesContradict } from './names.js';

const display = (name: string | number | null) => ({ display_name: name });
const parts = (first: string | null, last: string | null) => ({ first_name: first, last_name: last });

describe('names of two records', () => {
  it.each([
    [display('Samuel Reed'), display('Samantha Brook')],
    [parts('Samuel', 'Reed'), display('Samantha Brook')],
    [parts('Samuel', 'Reed'), parts('Samantha', 'Brook')],
    [{ ...parts('Samuel', 'Reed'), ...display('S. Reed') }, display('Jo Brook')],
    [display('山田太郎'), display('鈴木花子')],
    [display('李明'), display('Li Ming')],
    [display('Ann'), display('Joanne Smith')],
    [display('太'), display('Taro')],
    [display('太a'), display('太')],
    [display('a太'), display('太')],
  ])('%j and %j contradict each other', (a, b) => {
    expect(namesContradict(a, b)).toBe(true);
    expect(namesContradict(b, a)).toBe(true);
  });

  it.each([
    [display('Jürgen Groß'), display('jurgen gross')],
    [display('Łukasz'), display('LUKASZ Nowak')],
    [display('Søren'), display('Soren')],
    [display('Æsa'), display('aesa')],
    [display('Đuro'), display('Duro')],
    [display('Ju\u0308rgen'), display('Jürgen')],
    [display('Anna-Lena Vogt'), display('Lena Berg')],
    [parts('Bill', 'Gates'), display('William Gates')],
    [display('Samantha Brook'), parts('Samantha', 'Reed')],
    [display('山田太郎'), parts('太郎', '山田')],
    [display('ａｄａ'), display('Ada')],
  ])('%j and %j share a word', (a, b) => {
    expect(namesContradict(a, b)).toBe(false);
    expect(namesContradict(b, a)).toBe(false);
  });

  it.each([
    [display(null), display('Ada Smith')],
    [{}, display('Ada Smith')],
    [parts('Bert', null), display('Ada Smith')],
    [parts(null, 'Jones'), display('Ada Smith')],
    [display('bert@example.com'), display('Ada Smith')],
    [parts('Bert', 'bert@example.com'), display('Ada Smith')],
    [display('---'), display('Ada Smith')],
    [display(7), display('Ada Smith')],
  ])('%j says too little to contradict %j', (a, b) => {
    expect(namesContradict(a, b)).toBe(false);
    expect(namesContradict(b, a)).toBe(false);
  });

  it('never contradict themselves, nor in another order or case', () => {
    const word = fc.stringMatching(/^[A-Za-zÀ-ž]{1,8}$/);
    fc.assert(
      fc.property(word, word, (first, last) => {
        expect(namesContradict(parts(first, last), display(`${last.toUpperCase()}, ${first}`))).toBe(false);
        expect(namesContradict(display(first), display(first.normalize('NFD')))).toBe(false);
      }),
    );
  });
});

import { describe, expect, it } from '@jest/globals';

import { hasWords } from './has-words.js';

const connectors = [
  { id: 'acme-id', name: 'Acmé ID', app: { catalogueId: 'a', name: 'Acmé ID', category: 'Identity' }, loads: [] },
  { id: 'keys', name: 'KeyBox', app: { catalogueId: 'k', name: 'KeyBox', category: 'Password management' }, loads: [] },
];
const found = (typed: string) => connectors.filter((one) => hasWords(one, typed)).map(({ id }) => id);

describe('the search of the catalogue', () => {
  it.each([
    ['acme', ['acme-id']],
    ['ACMÉ', ['acme-id']],
    ['box', ['keys']],
    ['pass manag', ['keys']],
    ['id', ['acme-id']],
    ['', ['acme-id', 'keys']],
    ['acme password', []],
    ['nobody', []],
  ])('finds by parts of name, app and category: %j', (typed, ids) => {
    expect(found(typed)).toEqual(ids);
  });
});

import { describe, expect, it } from '@jest/globals';

import { AppModule } from '../app.module.js';
import { definedOperations, isAudited } from '../http/operation.js';
import { readerPathOf } from './reader-path.js';

describe('what the audit reads the values of a write from', () => {
  const shown = ['/runs', '/runs/:id', '/runs/:id/plan', '/fields/:variable', '/guard'];
  const pathOf = (method: 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string) =>
    readerPathOf({ method, path, tag: 'example' }, shown);

  it('is the record that the path names, or the one that is made, whatever its key is called', () => {
    expect(pathOf('POST', '/runs')).toBe('/runs/:id');
    expect(pathOf('POST', '/runs/:id/cancel')).toBe('/runs/:id');
    expect(pathOf('PATCH', '/fields/:variable')).toBe('/fields/:variable');
    expect(pathOf('POST', '/fields')).toBe('/fields/:variable');
    expect(pathOf('PUT', '/guard')).toBe('/guard');
    expect(pathOf('POST', '/guard')).toBeNull();
    expect(pathOf('POST', '/plan')).toBeNull();
  });

  it('is known for every write, unless it says why the audit has no values of it', () => {
    expect(AppModule).toBeDefined();
    const paths = definedOperations()
      .filter(({ method }) => method === 'GET')
      .map(({ path }) => path);
    const silent = definedOperations()
      .filter((operation) => isAudited(operation) && readerPathOf(operation, paths) === null)
      .filter(({ auditsNoValues, changedSecrets, changesNothing, toldByAnswer }) => {
        return !auditsNoValues && !changedSecrets && !changesNothing && !toldByAnswer;
      });
    // What these change is a session: the audit says whose it is, and nobody else is shown one.
    expect(silent.map(({ id }) => id).sort()).toEqual(['endSingleSignOn', 'requestPasswordLink', 'signIn', 'signOut']);
  });

  it('is another operation that exists, where a write names one', () => {
    const paths = definedOperations().map(({ path }) => path);
    const named = definedOperations().flatMap(({ shownAt }) => shownAt ?? []);
    expect(named.length).toBeGreaterThan(0);
    expect(named.filter((path) => !paths.includes(path))).toEqual([]);
  });
});

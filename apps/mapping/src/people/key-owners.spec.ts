import { describe, expect, it } from '@jest/globals';

import { buildPerson } from '../../test/build-documents.js';
import { KeyOwners } from './key-owners.js';

const fields = [
  { field: 'email', kind: 'address' },
  { field: 'vendor_id', kind: 'exact' },
] as const;
const person = (_id: string, vendorId: string, keys: string[]) =>
  buildPerson({ _id, values: { vendor_id: vendorId }, keys });

describe('owners of keys', () => {
  it('are those who hold them', () => {
    const owners = new KeyOwners(fields);
    owners.add(buildPerson());
    expect(owners.of('email:ada@example.com')?._id).toBe('person-1');
    expect(owners.of('email:eve@example.com')).toBeUndefined();
    owners.add({ ...buildPerson({ _id: 'nobody' }), keys: undefined });
  });

  it('are found by an id that is stored in lower case, from before case counted', () => {
    const owners = new KeyOwners(fields);
    owners.add(person('one', 'ID-Case-one', ['vendor_id:id-case-one']));
    expect(owners.of('vendor_id:ID-Case-one')?._id).toBe('one');
  });

  it('are not others whose id differs in case', () => {
    const owners = new KeyOwners(fields);
    owners.add(person('one', 'ID-Case-one', ['vendor_id:id-case-one']));
    expect(owners.of('vendor_id:id-case-ONE')).toBeUndefined();
    expect(owners.of('vendor_id:id-case-one')).toBeUndefined();
    owners.add(person('two', 'id-case-ONE', ['vendor_id:id-case-ONE']));
    expect(owners.of('vendor_id:id-case-ONE')?._id).toBe('two');
    expect(owners.of('vendor_id:ID-Case-one')?._id).toBe('one');
  });

  it('are still looked for in the database when somebody is made who wants their key', () => {
    const owners = new KeyOwners(fields);
    owners.addNew(buildPerson({ _id: 'made' }), ['email:ada@example.com']);
    expect(owners.unasked(['email:ada@example.com'])).toEqual(['email:ada@example.com']);
    owners.add(buildPerson());
    expect(owners.of('email:ada@example.com')?._id).toBe('person-1');
  });

  it('that are made now take nothing from those who are known, whoever came first', () => {
    const owners = new KeyOwners(fields);
    const made = buildPerson({ _id: 'made' });
    owners.addNew(made, ['email:ada@example.com', 'email:new@example.com']);
    expect(owners.of('email:ada@example.com')?._id).toBe('made');
    owners.add(buildPerson());
    expect(owners.of('email:ada@example.com')?._id).toBe('person-1');
    owners.addNew(made, ['email:ada@example.com']);
    expect(owners.of('email:ada@example.com')?._id).toBe('person-1');
    expect(owners.of('email:new@example.com')?._id).toBe('made');
  });

  it('are asked for once, in every form in which a key may be stored', () => {
    const owners = new KeyOwners(fields);
    owners.add(buildPerson());
    const keys = ['email:ada@example.com', 'email:Eve@example.com', 'vendor_id:AB', 'vendor_id:cd', 'vendor_id:cd'];
    expect(owners.unasked(keys)).toEqual(['email:Eve@example.com', 'vendor_id:AB', 'vendor_id:ab', 'vendor_id:cd']);
    expect(owners.unasked([...keys, 'vendor_id:ef'])).toEqual(['vendor_id:ef']);
  });
});

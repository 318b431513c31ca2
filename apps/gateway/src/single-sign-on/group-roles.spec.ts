import { describe, expect, it } from '@jest/globals';

import { parseGroupRoles, rolesOfGroups } from './group-roles.js';

describe('roles by group', () => {
  const byGroup = parseGroupRoles(' staff=viewer, it admins=admin,a=b=operator,');

  it('may have blanks and equals signs in the names of groups', () => {
    expect(byGroup).toEqual([
      { group: 'staff', role: 'viewer' },
      { group: 'it admins', role: 'admin' },
      { group: 'a=b', role: 'operator' },
    ]);
    expect(parseGroupRoles('')).toEqual([]);
  });

  it.each(['staff', 'staff=', '=viewer', 'staff=boss', 'x=viewer,staff=Viewer'])(
    'are refused where a part is none: %s',
    (text) => {
      expect(parseGroupRoles(text)).toEqual({
        problem: expect.stringMatching(/^must be group=role, .* Part [12] is not$/),
      });
    },
  );

  it('are given once each, and only to members', () => {
    expect(rolesOfGroups(['it admins', 'staff', 'others'], byGroup as never)).toEqual(['viewer', 'admin']);
    expect(rolesOfGroups([], byGroup as never)).toEqual([]);
  });
});

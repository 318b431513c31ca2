import { type OperatorRole, operatorRoles } from '@rollcall/contracts';

export interface GroupRole {
  readonly group: string;
  readonly role: OperatorRole;
}

/** `staff=viewer,it admins=admin`: what is in each part behind the last `=` is a role. */
export function parseGroupRoles(text: string): GroupRole[] | { problem: string } {
  const parts = text.split(',').map((part) => part.trim());
  const parsed = parts.filter((part) => part !== '').map(parsePart);
  const wrong = parsed.findIndex((part) => part === null);
  if (wrong >= 0) {
    return {
      problem: `must be group=role, with commas between; a role is ${operatorRoles.join(', ')}. Part ${wrong + 1} is not`,
    };
  }
  return parsed.filter((part) => part !== null);
}

function parsePart(part: string): GroupRole | null {
  const at = part.lastIndexOf('=');
  const role = operatorRoles.find((name) => name === part.slice(at + 1).trim());
  const group = part.slice(0, at).trim();
  return at > 0 && role !== undefined && group !== '' ? { group, role } : null;
}

/** Roles of somebody in these groups, each once. */
export function rolesOfGroups(groups: readonly string[], byGroup: readonly GroupRole[]): OperatorRole[] {
  const given = new Set(byGroup.filter(({ group }) => groups.includes(group)).map(({ role }) => role));
  return operatorRoles.filter((role) => given.has(role));
}

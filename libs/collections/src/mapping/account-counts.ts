import type { AccountDocument } from './accounts.js';
import type { PersonDocument } from './people.js';

type Counted = Pick<AccountDocument, 'integration' | 'active' | 'lastActivityAt'>;

/** What lists ask of the accounts of a person, passive ones too: whoever left may not keep one of those either. */
export function countAccounts(
  accounts: Iterable<Counted>,
): Pick<PersonDocument, 'activeAccounts' | 'inactiveAt' | 'lastActivityAt'> {
  let activeAccounts = 0;
  let lastActivityAt: string | undefined;
  const activeAt = new Map<string, boolean>();
  for (const { integration, active, lastActivityAt: time } of accounts) {
    if (active) activeAccounts += 1;
    activeAt.set(integration, active || activeAt.get(integration) === true);
    if (time !== null && (lastActivityAt === undefined || time > lastActivityAt)) lastActivityAt = time;
  }
  const inactiveAt = [...activeAt].flatMap(([integration, active]) => (active ? [] : [integration])).sort();
  return { activeAccounts, inactiveAt: inactiveAt.length > 0 ? inactiveAt : undefined, lastActivityAt };
}

import type { Deed, KeyHolder } from '@rollcall/contracts';

/** Beyond so many a sentence is no longer read. */
const mostNamed = 5;

/**
 * Why somebody may not approve what follows from these deeds, in words; null if they did none of them. All keys of a
 * person are that person.
 * @param actor of the approval
 * @param holders people and their keys; an actor who is not among them is a person of their own
 */
export function whyAnotherPerson(deeds: readonly Deed[], actor: string, holders: readonly KeyHolder[]): string | null {
  const approver = holders.find(({ actors }) => actors.includes(actor)) ?? alone(actor);
  const own = deeds.filter(({ by }) => approver.actors.includes(by));
  if (own.length === 0) return null;
  return (
    `You (${approver.name}) ${listed(own.map(({ what, at }) => `${what} on ${at.toISOString()}`))}. This plan follows from ` +
    'that, and whoever changed what a plan follows from since the last good run, or started its run, does not approve it; ' +
    `all API keys of one person count as one. ${whoMay(deeds, holders)}`
  );
}

function alone(actor: string): Pick<KeyHolder, 'name' | 'actors'> {
  return { name: actor, actors: [actor] };
}

function whoMay(deeds: readonly Deed[], holders: readonly KeyHolder[]): string {
  const free = holders.filter(({ actors, mayApprove }) => mayApprove && !deeds.some(({ by }) => actors.includes(by)));
  if (free.length > 0) return `These people may approve it: ${listed(free.map(({ name }) => name))}.`;
  return (
    'Nobody who has a key with the scope "approve" is free to. Make a key for another person (POST /api-keys with their ' +
    'name as owner); if you are alone, an administrator may allow it with PUT /guard-settings {"approvalByEditor": true}.'
  );
}

function listed(texts: readonly string[]): string {
  const shown = texts.slice(0, mostNamed);
  const more = texts.length - shown.length;
  const all = more > 0 ? [...shown, `${more} more`] : shown;
  return all.length < 2 ? all.join('') : `${all.slice(0, -1).join(', ')} and ${all.at(-1)}`;
}

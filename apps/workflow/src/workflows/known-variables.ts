import type { MappingDefinition, Trigger } from '@rollcall/contracts';

/** What a record of a SaaS user offers beside the fields of people. */
export const accountVariables = ['vendor_id', 'username', 'email', 'role'] as const;
/** What is known of the person's account in an app: `{{accounts.<app>.id}}` (G6), and its name for vendors that act by name. */
export const accountOfAppVariables = ['id', 'username'] as const;

const accountOfApp = new RegExp(`^accounts\\.([^.]+)\\.(${accountOfAppVariables.join('|')})$`);

/** The app in `accounts.<app>.<…>`, null for every other name. */
export function appOfVariable(name: string): string | null {
  return accountOfApp.exec(name)?.[1] ?? null;
}

export function isTriggerOfPeople(trigger: Trigger): boolean {
  return trigger.startsWith('person.');
}

/**
 * Fields that nothing but a value of the run fills (the time of the sync, the name of the credential). Such values are
 * kept apart from people, so no step would find them (D8). One that some integration fills from its vendor is a field
 * like any other.
 */
export function onlyTracked(mappings: readonly Pick<MappingDefinition, 'entries'>[]): ReadonlySet<string> {
  const entries = mappings.flatMap((mapping) => mapping.entries);
  const given = new Set(entries.filter(({ from }) => from.kind !== 'tracking').map(({ to }) => to));
  return new Set(entries.map(({ to }) => to).filter((to) => !given.has(to)));
}

/** Says which variables a record of the trigger can have, for the check at save (P34). */
export function variablesOf(
  trigger: Trigger,
  known: { readonly fields: ReadonlySet<string>; readonly apps: ReadonlyMap<string, unknown> },
): (name: string) => boolean {
  const isOwn = isOfAccount(trigger);
  return (name) => {
    const app = appOfVariable(name);
    return app === null ? known.fields.has(name) || isOwn(name) : known.apps.has(app);
  };
}

/** Says which variables come from the SaaS user that starts the workflow, whatever field of people has the same name. */
export function isOfAccount(trigger: Trigger): (name: string) => boolean {
  const own: ReadonlySet<string> = new Set(isTriggerOfPeople(trigger) ? [] : accountVariables);
  return (name) => own.has(name);
}

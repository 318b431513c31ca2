import type { Trigger } from '@rollcall/contracts';

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

/** Says which variables a record of the trigger can have, for the check at save (P34). */
export function variablesOf(
  trigger: Trigger,
  known: { readonly fields: ReadonlySet<string>; readonly apps: ReadonlyMap<string, unknown> },
): (name: string) => boolean {
  const own: ReadonlySet<string> = new Set(isTriggerOfPeople(trigger) ? [] : accountVariables);
  return (name) => {
    const app = appOfVariable(name);
    return app === null ? known.fields.has(name) || own.has(name) : known.apps.has(app);
  };
}

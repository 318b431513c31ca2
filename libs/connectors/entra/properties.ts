import { type ConnectorContext, VendorError } from '@rollcall/connector-kit';

import { manifest } from './manifest.js';

const ownProperties = manifest.fields.map(({ path }) => path);
const own: ReadonlySet<string> = new Set(ownProperties);

/** Given for single users only; in a list the vendor answers 501. https://learn.microsoft.com/en-us/graph/api/user-list */
const singleUsersOnly: ReadonlySet<string> = new Set(
  (
    'aboutMe birthday hireDate interests mySite pastProjects preferredName responsibilities schools skills ' +
    'mailboxSettings'
  ).split(' '),
);
/** With it a page holds fewer users. */
const signIns = 'signInActivity';
const propertyName = /^[A-Za-z_]\w{0,127}$/;

/** What the mapping reads beyond the connector's own fields; annotations of the protocol come by themselves. */
function furtherProperties({ properties = [] }: Pick<ConnectorContext, 'properties'>): string[] {
  return [...new Set(properties)].filter((name) => !own.has(name) && !name.startsWith('@')).sort();
}

function refused(name: string, why: string): VendorError {
  return new VendorError(
    'vendor-refused',
    `The mapping reads "${name.slice(0, 100)}", ${why}. Map another property, or leave it out.`,
  );
}

/**
 * The names for `$select`: only what is asked for by name comes back.
 * @throws VendorError for a property that no list can hold
 */
export function selectedProperties(context: Pick<ConnectorContext, 'properties'>): string[] {
  const further = furtherProperties(context);
  for (const name of further) {
    if (singleUsersOnly.has(name)) throw refused(name, 'which Microsoft Entra ID gives for single users only');
    if (!propertyName.test(name)) throw refused(name, 'which cannot be the name of a property of Microsoft Entra ID');
  }
  return [...ownProperties, ...further];
}

/** The most users that the vendor gives at once with these properties. */
export function largestPage(properties: readonly string[]): number {
  return properties.includes(signIns) ? 500 : 999;
}

/** Whom to blame for a refusal: a property that the vendor named and the mapping asked for, else null. */
export function refusedProperty(context: Pick<ConnectorContext, 'properties'>, message: string | null): string | null {
  const named = /property named '([^']{1,128})'/i.exec(message ?? '')?.[1];
  return named !== undefined && furtherProperties(context).includes(named) ? named : null;
}

/** A sentence that names what the mapping added to the request; empty when it added nothing. */
export function furtherInWords(context: Pick<ConnectorContext, 'properties'>): string {
  const further = furtherProperties(context);
  const named = further.slice(0, 10).join(', ');
  return further.length === 0 ? '' : ` Beside its own fields the connector asked for what the mapping reads: ${named}.`;
}

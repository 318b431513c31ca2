import type {
  ConnectorField,
  ConnectorManifest,
  MappingDefinition,
  MappingSource,
  MappingSuggestion,
  PeopleField,
} from '@rollcall/contracts';

/** Other names under which vendors keep what a built-in field holds, as they come out of `wordsOf`. */
const synonyms: Readonly<Record<string, readonly string[]>> = {
  username: ['username', 'login name', 'login', 'user principal name', 'email', 'mail'],
  email: ['email', 'mail', 'e mail', 'email address', 'username', 'user principal name'],
  display_name: ['display name', 'displayname', 'full name', 'fullname', 'name'],
  first_name: ['first name', 'firstname', 'given name'],
  last_name: ['last name', 'lastname', 'surname', 'family name'],
  job_title: ['job title', 'title'],
  department: ['department'],
};

/** `userPrincipalName`, `Login name` and `login_name` as words in lower case. */
function wordsOf(text: string): string {
  return text
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .split(/[^A-Za-z\d]+/)
    .filter(Boolean)
    .join(' ')
    .toLowerCase();
}

type Known = Pick<PeopleField, 'variable' | 'label' | 'type' | 'unique' | 'required'>;

/**
 * Pairs for people fields that nothing is mapped to, then new people fields for vendor fields that go nowhere. What a
 * person mapped is never touched, because those fields are not looked at (R63).
 */
export function suggestEntries(
  manifest: Pick<ConnectorManifest, 'name' | 'fields' | 'defaultMapping'>,
  definition: MappingDefinition,
  fields: readonly Known[],
): MappingSuggestion[] {
  const mapped = new Set(definition.entries.map(({ to }) => to));
  const open = fields.filter(({ variable }) => !mapped.has(variable));
  const pairs = open.flatMap((field) => bestFor(field, manifest) ?? []);
  const used = new Set([
    ...definition.entries.map(({ from }) => pathOf(from)),
    ...pairs.map(({ from }) => pathOf(from)),
  ]);
  const unused = manifest.fields.filter(({ path }) => !used.has(path));
  return [...pairs, ...unused.map((field) => newFieldFor(field, manifest.name, fields))];
}

function bestFor(
  field: Known,
  manifest: Pick<ConnectorManifest, 'fields' | 'defaultMapping'>,
): MappingSuggestion | null {
  const byDefault = manifest.defaultMapping.entries.find(({ to }) => to === field.variable);
  if (byDefault !== undefined) return pair(field, byDefault.from, 'The default of the connector.', 1);
  const names = [wordsOf(field.label), wordsOf(field.variable)];
  const same = manifest.fields.find(
    ({ label, path }) => names.includes(wordsOf(label)) || names.includes(wordsOf(path)),
  );
  if (same !== undefined)
    return pair(field, sourceOf(same), `The vendor has a field of the same name, "${same.label}".`, 0.9);
  for (const word of synonyms[field.variable] ?? []) {
    const other = manifest.fields.find(({ label, path }) => wordsOf(label) === word || wordsOf(path) === word);
    if (other !== undefined) return pair(field, sourceOf(other), `"${other.label}" is another word for it.`, 0.7);
  }
  return null;
}

const sourceOf = ({ path }: ConnectorField): MappingSource => ({ kind: 'field', path });
const pathOf = (from: MappingSource): string | null => (from.kind === 'field' ? from.path : null);

function pair({ variable }: Known, from: MappingSource, reason: string, confidence: number): MappingSuggestion {
  return { to: variable, from, newField: null, reason, confidence };
}

/** Under a name that says whose value it is (R67). */
function newFieldFor(field: ConnectorField, vendor: string, fields: readonly Known[]): MappingSuggestion {
  const label = `${vendor} ${field.label}`.slice(0, 80);
  const wanted = wordsOf(label).replaceAll(' ', '_').slice(0, 50);
  const taken = new Set(fields.map(({ variable }) => variable));
  const variable = taken.has(wanted) ? `${wanted}_2` : wanted;
  const type = field.type === 'text' || field.type === 'date-time' ? 'short-text' : field.type;
  return {
    to: variable,
    from: sourceOf(field),
    newField: { variable, label, type, unique: false, required: false },
    reason: 'The vendor gives it, and no people field holds it yet.',
    confidence: 0.3,
  };
}

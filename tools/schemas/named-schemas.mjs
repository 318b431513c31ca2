/** `saas-user.created` → `SaasUserCreated`. */
export const pascalCase = (text) =>
  text
    .split(/[^A-Za-z0-9]+/)
    .filter(Boolean)
    .map((word) => word[0].toUpperCase() + word.slice(1))
    .join('');

/**
 * Named schemas that refer to each other, so that what is generated from them has types with names: every object and
 * every list of words becomes a component of its own, named for where it stands. Equal ones are one.
 */
export class NamedSchemas {
  components = {};

  /**
   * Takes a JSON Schema with `$defs` apart. Returns it as a reference, or as it is where it needs no name.
   * @param otherName taken where another schema has the name
   */
  add(name, otherName, { $defs = {}, ...schema }) {
    delete schema.$schema;
    for (const [id, { ...definition }] of Object.entries($defs)) {
      delete definition.id;
      // The recursive schema of any JSON value would make generators that cannot follow it give up.
      this.components[nameOfDefinition(id)] ??= isAnyJson(id) ? {} : this.walk(nameOfDefinition(id), definition);
    }
    return this.extract(name, schema, otherName);
  }

  extract(name, schema, otherName = `${name}2`) {
    if (typeof schema !== 'object' || schema === null) return schema;
    if (schema.$ref !== undefined) return { ...schema, $ref: refTo(nameOfDefinition(schema.$ref.split('/').at(-1))) };
    const walked = this.walk(name, schema);
    if (walked.properties === undefined && !(walked.enum?.length > 1)) return walked;
    return { $ref: refTo(this.store([name, otherName], walked)) };
  }

  walk(name, schema) {
    const copy = { ...schema };
    if (copy.properties) {
      copy.properties = mapped(copy.properties, (key, inner) => this.extract(name + pascalCase(key), inner));
    }
    if (typeof copy.additionalProperties === 'object') {
      copy.additionalProperties = this.extract(`${name}Value`, copy.additionalProperties);
    }
    if (copy.items) copy.items = this.extract(`${name}Item`, copy.items);
    for (const kind of ['anyOf', 'oneOf', 'allOf']) {
      const members = copy[kind];
      if (members) copy[kind] = members.map((member) => this.extract(variantName(name, member, members), member));
    }
    return copy;
  }

  store(names, schema) {
    const text = JSON.stringify(schema);
    const isFree = (name) => JSON.stringify(this.components[name] ?? schema) === text;
    const name = names.find(isFree);
    if (name === undefined) throw new Error(`${names.join(' and ')} are taken: name one of these schemas.`);
    this.components[name] = schema;
    return name;
  }
}

const refTo = (name) => `#/components/schemas/${name}`;
const isAnyJson = (id) => id === '__schema0';
const nameOfDefinition = (id) => (isAnyJson(id) ? 'JsonValue' : id);
const mapped = (record, change) =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(key, value)]));

/** Variants of one thing are told apart by the word that is fixed in each; what may only be null is no variant. */
function variantName(name, { properties = {} }, members) {
  if (members.filter((member) => member.properties).length < 2) return name;
  const fixed = Object.values(properties).find(({ const: word }) => typeof word === 'string');
  return fixed ? name + pascalCase(fixed.const) : name;
}

/**
 * A JSON Schema, as far as it is looked at here.
 * @typedef {{
 *   $schema?: string, $ref?: string, $defs?: Record<string, Schema>, id?: string, const?: unknown, enum?: unknown[],
 *   properties?: Record<string, Schema>, additionalProperties?: Schema | boolean, items?: Schema,
 *   anyOf?: Schema[], oneOf?: Schema[], allOf?: Schema[],
 * }} Schema
 */

/** `saas-user.created` → `SaasUserCreated`. */
export const pascalCase = (/** @type {string} */ text) =>
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
  /** @type {Record<string, Schema>} */
  components = {};

  /**
   * Takes a JSON Schema with `$defs` apart. Returns it as a reference, or as it is where it needs no name.
   * @param {string} name
   * @param {string} otherName taken where another schema has the name
   * @param {Schema} options
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

  /**
   * @param {string} name
   * @param {Schema} schema
   */
  extract(name, schema, otherName = `${name}2`) {
    if (typeof schema !== 'object' || schema === null) return schema;
    if (schema.$ref !== undefined)
      return { ...schema, $ref: refTo(nameOfDefinition(schema.$ref.split('/').at(-1) ?? '')) };
    const walked = this.walk(name, schema);
    if (walked.properties === undefined && (walked.enum?.length ?? 0) < 2) return walked;
    return { $ref: refTo(this.store([name, otherName], walked)) };
  }

  /**
   * @param {string} name
   * @param {Schema} schema
   */
  walk(name, schema) {
    const copy = { ...schema };
    if (copy.properties) {
      copy.properties = mapped(copy.properties, (key, inner) => this.extract(name + pascalCase(key), inner));
    }
    if (typeof copy.additionalProperties === 'object') {
      copy.additionalProperties = this.extract(`${name}Value`, copy.additionalProperties);
    }
    if (copy.items) copy.items = this.extract(`${name}Item`, copy.items);
    for (const kind of /** @type {const} */ (['anyOf', 'oneOf', 'allOf'])) {
      const members = copy[kind];
      if (members) copy[kind] = members.map((member) => this.extract(variantName(name, member, members), member));
    }
    return copy;
  }

  /**
   * @param {readonly string[]} names
   * @param {Schema} schema
   */
  store(names, schema) {
    const text = JSON.stringify(schema);
    const isFree = (/** @type {string} */ name) => JSON.stringify(this.components[name] ?? schema) === text;
    const name = names.find(isFree);
    if (name === undefined) throw new Error(`${names.join(' and ')} are taken: name one of these schemas.`);
    this.components[name] = schema;
    return name;
  }
}

const refTo = (/** @type {string} */ name) => `#/components/schemas/${name}`;
const isAnyJson = (/** @type {string} */ id) => id === '__schema0';
const nameOfDefinition = (/** @type {string} */ id) => (isAnyJson(id) ? 'JsonValue' : id);
const mapped = (
  /** @type {Record<string, Schema>} */ record,
  /** @type {(key: string, value: Schema) => Schema} */ change,
) => Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(key, value)]));

/**
 * Variants of one thing are told apart by the word that is fixed in each; what may only be null is no variant.
 * @param {string} name
 * @param {Schema} options
 * @param {readonly Schema[]} members
 */
function variantName(name, { properties = {} }, members) {
  if (members.filter((member) => member.properties).length < 2) return name;
  const fixed = Object.values(properties).find(({ const: word }) => typeof word === 'string');
  return fixed ? name + pascalCase(String(fixed.const)) : name;
}

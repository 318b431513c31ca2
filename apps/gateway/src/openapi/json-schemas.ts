import { schemaIds } from '@rollcall/contracts';
import { z } from 'zod';

export type JsonSchema = Record<string, unknown>;

/** Name that zod gives to the recursive schema of `z.json()`, and ours for it. */
const recursiveName = '__schema0';
const jsonValueName = 'JsonValue';

/** Turns zod schemas into JSON Schema 2020-12 as OpenAPI 3.1 wants it, and collects the named ones. */
export class JsonSchemas {
  readonly components: Record<string, JsonSchema> = {};

  /** Shape of an answer. Named schemas become references. */
  answer(schema: z.ZodType): JsonSchema {
    return this.convert(
      z.toJSONSchema(schema, { io: 'output', metadata: schemaIds, override: addDescription }) as JsonSchema,
    );
  }

  /** Shape of a request, where unknown names are refused at every depth. */
  request(schema: z.ZodType): JsonSchema {
    return this.convert(
      z.toJSONSchema(schema, { io: 'input', metadata: z.globalRegistry, override: closeObject }) as JsonSchema,
    );
  }

  private convert({ $schema: _, $defs = {}, ...schema }: JsonSchema): JsonSchema {
    for (const [name, definition] of Object.entries($defs as Record<string, JsonSchema>)) {
      const { id: _id, ...rest } = definition;
      this.components[nameOf(name)] = rewritten(rest) as JsonSchema;
    }
    return rewritten(schema) as JsonSchema;
  }
}

/** What a schema says of itself, where the registry of names takes the place of the one that holds it. */
function addDescription({ zodSchema, jsonSchema }: { zodSchema: z.core.$ZodType; jsonSchema: object }): void {
  const description = z.globalRegistry.get(zodSchema)?.description;
  if (description !== undefined && !('$ref' in jsonSchema)) Object.assign(jsonSchema, { description });
}

function closeObject({ jsonSchema }: { jsonSchema: object }): void {
  const schema = jsonSchema as JsonSchema;
  if (schema['type'] === 'object' && schema['properties'] !== undefined) schema['additionalProperties'] ??= false;
}

const nameOf = (name: string): string => (name === recursiveName ? jsonValueName : name);

/**
 * References to `$defs` become references to `components`. Two things that zod adds are left out: the pattern beside the
 * format of a time, which says the same and would be a third of the document, and `starts_with`, which is no format.
 */
function rewritten(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(rewritten);
  if (typeof value !== 'object' || value === null) return value;
  const { format } = value as JsonSchema;
  const dropped = format === 'date-time' ? 'pattern' : format === 'starts_with' ? 'format' : null;
  const kept = Object.entries(value).filter(([key]) => key !== dropped);
  const entries = kept.map(([key, inner]) =>
    key === '$ref' && typeof inner === 'string'
      ? [key, `#/components/schemas/${nameOf(inner.replace('#/$defs/', ''))}`]
      : [key, rewritten(inner)],
  );
  return Object.fromEntries(entries) as JsonSchema;
}

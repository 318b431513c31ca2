import { z } from 'zod';

interface JsonSchema {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, JsonSchema>>;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly minItems?: number;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly format?: string;
  readonly minLength?: number;
}

/** The smallest value that a schema of the contracts takes: what is optional is left out, lists are as short as they may be. */
export function exampleOf(schema: z.ZodType): Record<string, unknown> {
  const root = z.toJSONSchema(schema, { io: 'output', unrepresentable: 'any' }) as JsonSchema;
  const example = valueOf(root, root) as Record<string, unknown>;
  schema.parse(example);
  return example;
}

function valueOf(schema: JsonSchema, root: JsonSchema): unknown {
  if (schema.const !== undefined) return schema.const;
  if (schema.enum) return schema.enum[0];
  if (schema.$ref) return valueOf(root.$defs![schema.$ref.split('/').at(-1)!]!, root);
  const choices = schema.anyOf ?? schema.oneOf ?? schema.allOf;
  if (choices) return valueOf(choices.find(({ type }) => type === 'null') ?? choices[0]!, root);
  if (schema.type === 'object') return objectOf(schema, root);
  if (schema.type === 'array') return Array.from({ length: schema.minItems ?? 0 }, () => valueOf(schema.items!, root));
  return scalarOf(schema);
}

function objectOf({ properties = {}, required = [] }: JsonSchema, root: JsonSchema): Record<string, unknown> {
  const wanted = Object.entries(properties).filter(([name]) => required.includes(name));
  return Object.fromEntries(wanted.map(([name, property]) => [name, valueOf(property, root)]));
}

function scalarOf({ type, format, minimum, exclusiveMinimum, minLength = 1 }: JsonSchema): unknown {
  if (type === 'boolean') return false;
  if (type === 'integer' || type === 'number') return Math.max(minimum ?? 0, (exclusiveMinimum ?? -1) + 1);
  if (type !== 'string') return null;
  if (format === 'date-time') return '2026-11-20T08:00:00.000Z';
  return format === 'uri' ? 'https://vendor.example.com' : 'x'.repeat(minLength);
}

import type { Schema, SchemaDefinition } from 'mongoose';
import { z } from 'zod';

import { mongoose } from './mongoose.js';

/** What one path of a document may hold. Mongoose's own type of it keeps the compiler busy for minutes. */
export interface Path {
  readonly type: unknown;
  readonly required?: boolean;
  readonly enum?: readonly unknown[];
  readonly validate?: { readonly validator: (value: unknown) => boolean; readonly message: string };
  readonly default?: undefined;
}

/** One path for every property of a document, so that a new one cannot be forgotten. */
export type PathsOf<Doc> = { readonly [Property in keyof Required<Doc>]: Path };

const { Mixed } = mongoose.Schema.Types;

export const text = { type: String, required: true };
export const number = { type: Number, required: true };
export const flag = { type: Boolean, required: true };
export const date = { type: Date, required: true };

export const oneOf = (...values: readonly string[]): Path => ({ type: String, enum: values, required: true });

const partOptions = { _id: false, id: false, minimize: false, strict: 'throw' } as const;
const schemaOf = <Part>(paths: PathsOf<Part>): Schema => new mongoose.Schema(paths as SchemaDefinition, partOptions);

/** A part of a document with paths of its own. */
export const part = <Part>(paths: PathsOf<Part>): Path => ({ type: schemaOf(paths), required: true });

/** Null or absent as well. */
export const optional = {
  text: { type: String },
  number: { type: Number },
  flag: { type: Boolean },
  date: { type: Date },
  oneOf: (...values: readonly string[]): Path => ({ type: String, enum: [...values, null] }),
  part: <Part>(paths: PathsOf<Part>): Path => ({ type: schemaOf(paths) }),
};

/** Whatever it is, null included: of a shape that is the customer's or the vendor's. */
export const anything = { type: Mixed };

/** Absent unless it is given: by itself mongoose makes an empty list, which a unique index holds once only. */
export const listOf = (type: Path): Path => ({ type: [type], default: undefined });

/** Who holds something, and until when. */
export const lease = optional.part<{ holder: string; until: Date }>({ holder: text, until: date });

/** A path that holds what a schema of the contracts takes. */
export function fits(schema: z.ZodType): Path {
  return {
    type: typeOf(schema),
    required: !takes(schema, null) && !takes(schema, undefined),
    validate: { validator: (value: unknown) => takes(schema, value), message: '{PATH} does not fit' },
    default: undefined,
  };
}

/** The paths of a record of the contracts. Its `id` is not one: stored it is `_id`. */
export function recordPaths<Shape extends z.ZodRawShape>(
  schema: z.ZodObject<Shape>,
): PathsOf<Omit<z.infer<z.ZodObject<Shape>>, 'id'>> {
  const shape = Object.entries(schema.shape as unknown as Record<string, z.ZodType>).filter(([name]) => name !== 'id');
  return Object.fromEntries(shape.map(([name, type]) => [name, fits(type)])) as ReturnType<typeof recordPaths<Shape>>;
}

const takes = (schema: z.ZodType, value: unknown): boolean => schema.safeParse(value).success;

/** What mongoose compares in filters. Whatever is made of parts is checked as a whole. */
function typeOf(schema: z.ZodType) {
  const bare = unwrapped(schema);
  if (bare instanceof z.ZodString || bare instanceof z.ZodEnum || bare instanceof z.ZodStringFormat) return String;
  if (bare instanceof z.ZodNumber) return Number;
  if (bare instanceof z.ZodBoolean) return Boolean;
  return Mixed;
}

function unwrapped(schema: z.ZodType): z.ZodType {
  const isWrapped =
    schema instanceof z.ZodOptional || schema instanceof z.ZodNullable || schema instanceof z.ZodDefault;
  return isWrapped ? unwrapped(schema.unwrap() as z.ZodType) : schema;
}

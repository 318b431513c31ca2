import { Mongoose } from 'mongoose';

/**
 * Our own instance, because its settings are what everything rests on: unknown paths in documents and filters are
 * errors, operators in filters are refused unless our code marked them as its own (`trusted`), and nothing happens by
 * itself when a connection opens.
 */
export const mongoose = new Mongoose({
  autoCreate: false,
  autoIndex: false,
  bufferCommands: false,
  runValidators: true,
  sanitizeFilter: true,
  strict: 'throw',
  strictQuery: 'throw',
  // Only our code writes pipelines: leases end by the clock of the database.
  updatePipeline: true,
});

const { Types } = mongoose.Schema;

/** Mongoose would turn 5 into '5' and 'yes' into true. What is of another type than its path is a mistake here. */
const only =
  <Value>(isOne: (value: unknown) => value is Value) =>
  (value: unknown): Value | null | undefined => {
    if (value === null || value === undefined || isOne(value)) return value;
    throw new TypeError('of another type');
  };

const isText = (value: unknown): value is string => typeof value === 'string';
Types.String.cast(only(isText));
Types.Number.cast(only((value): value is number => typeof value === 'number'));
Types.Boolean.cast(only((value): value is boolean => typeof value === 'boolean'));
Types.Date.cast(only((value): value is Date => value instanceof Date && !Number.isNaN(value.getTime())));
// An empty text is a text.
Types.String.checkRequired(isText);

import { AppError } from '@rollcall/contracts';
import { Error as MongooseErrors, type MongooseError, type Schema } from 'mongoose';

/**
 * A document, a change or a filter that does not fit its collection. Names paths and never values: mongoose's own errors
 * carry what they refuse, which may be a secret or somebody's data.
 */
export class RefusedDocumentError extends AppError<'document-refused'> {
  override readonly name = 'RefusedDocumentError';

  constructor(
    collection: string,
    readonly faults: readonly string[],
  ) {
    super(
      'document-refused',
      `Nothing was written or read in ${collection}: ${faults.join('; ')}. That is a defect of Rollcall: please report it with this message.`,
    );
  }
}

/** All that touches the database. Hooks of what is synchronous, as that of `init`, are called without `next`. */
const asynchronous = /^(aggregate|bulk|count|delete|distinct|estimated|find|insert|replace|save|update|validate)/;

/** Makes a schema answer with `RefusedDocumentError`. */
export function refuseInWords(schema: Schema, collection: string): void {
  schema.post(asynchronous, function inWords(error: unknown, _result: unknown, next: (error?: Error) => void) {
    next(worded(error, collection) as Error);
  } as never);
}

/** What is wrong with a document, by path and without values; empty when it fits. */
export function faultsOf(error: unknown): string[] {
  if (error instanceof RefusedDocumentError) return [...error.faults];
  if (error instanceof MongooseErrors.ValidationError) return Object.values(error.errors).flatMap(faultsOf);
  if (error instanceof MongooseErrors.CastError) return [`${named(error.path)} must be of type ${error.kind}`];
  if (error instanceof MongooseErrors.StrictModeError) return [`${named(error.path)} is not a path of it`];
  if (error instanceof MongooseErrors.ValidatorError) return [`${named(error.path)} ${words(error.kind)}`];
  return error instanceof MongooseErrors ? [withoutValues(error)] : [];
}

function worded(error: unknown, collection: string): unknown {
  if (error instanceof RefusedDocumentError || !(error instanceof MongooseErrors)) return error;
  return new RefusedDocumentError(collection, faultsOf(error));
}

const words = (kind: string): string => (kind === 'required' ? 'is missing' : 'does not have a value that it may have');

/** Of the rest only the kind is certain to name no value. */
const withoutValues = (error: MongooseError): string => `mongoose says ${error.name}`;

/** Paths of strangers may be as long as they like. */
const named = (path: string | undefined): string => `"${(path ?? '').slice(0, 100)}"`;

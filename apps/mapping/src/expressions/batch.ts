/** What became of one expression over one record. */
export type Outcome = { readonly value?: unknown } | Failure;

export interface Failure {
  readonly failure: string;
  /** `limit`: time or memory ran out; `given-up`: not tried, because that happened too often before. */
  readonly by?: 'limit' | 'given-up';
}

export const isFailure = (outcome: Outcome): outcome is Failure => 'failure' in outcome;

/** Asks for the outcomes of all expressions over all records: of the first record first. */
export interface BatchRequest {
  readonly id: number;
  readonly expressions: readonly string[];
  /** Each as JSON. */
  readonly records: readonly string[];
  /** How many outcomes of the first record are known already. */
  readonly skip: number;
  /** How often each expression hit a limit. */
  readonly strikes: readonly number[];
  readonly mostStrikes: number;
  readonly evaluationMs: number;
  readonly batchMs: number;
  readonly mostResultCharacters: number;
  /** Every outcome is told at once, so that the one who asked knows which was next when the process ended. */
  readonly isCareful: boolean;
}

/** The next outcomes, in order. */
export interface BatchProgress {
  readonly id: number;
  readonly outcomes: readonly Outcome[];
  readonly characters: number;
}

export const givenUp: Failure = {
  failure: 'The expression used up its time or memory for several records, so it is given up for this part of the run.',
  by: 'given-up',
};

export const batchTooLong = (ms: number): Failure => ({
  failure: `The expressions of the mapping together took longer than ${ms} ms for this part of the run.`,
});

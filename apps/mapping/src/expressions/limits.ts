/** What one evaluation may use up. Steps and sizes come first, because they give the same result on every machine. */
export const mostSteps = 5_000;
/** Characters of one text, and values of one list, on the way to a result. */
export const longestText = 100_000;
export const longestList = 10_000;
/** The same for all that a value holds, counted as often as it is referred to, and how deep it may be nested. */
export const mostValues = 100_000;
export const mostCharacters = 1_000_000;
export const deepest = 100;
/** Characters of all results of a batch together; they are kept in the memory of the service until the slice is written. */
export const mostResultCharacters = 8_000_000;

/** Limits by the clock and by memory: for what steps and sizes do not see. */
export interface ExpressionLimits {
  /** Milliseconds for one expression over one record. */
  readonly evaluationMs: number;
  /** Milliseconds for all expressions over all records of a batch. */
  readonly batchMs: number;
  /** How often one expression may use up time or memory before it is given up for the rest of the batch. */
  readonly strikes: number;
  /** Heap of the process, in MB. */
  readonly heapMb: number;
  /** How long after a limit a process that says nothing is killed. */
  readonly graceMs: number;
  /** How long a process that has nothing to do is kept. */
  readonly idleMs: number;
}

export const runLimits: ExpressionLimits = {
  evaluationMs: 500,
  batchMs: 10_000,
  strikes: 3,
  heapMb: 64,
  graceMs: 1_500,
  idleMs: 60_000,
};

/** A person waits for it, and so do the commands behind it. */
export const sampleLimits: ExpressionLimits = {
  ...runLimits,
  evaluationMs: 250,
  batchMs: 2_000,
  strikes: 2,
  graceMs: 500,
};

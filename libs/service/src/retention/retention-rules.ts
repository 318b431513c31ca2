/** One kind of record that is deleted by its age. */
export interface RetentionRule {
  /** What is deleted, in words for the log. */
  readonly kind: string;
  /** Undefined: kept for ever. */
  readonly days: number | undefined;
  /**
   * Deletes records from before that time, at most so many, and none that is still needed. Killed at any point, it must go
   * on with the next call.
   * @returns how many it deleted or passed by; 0 says that there is nothing more to do
   */
  readonly deleteBefore: (before: Date, limit: number) => Promise<number>;
}

/** What a service deletes by age. A provider for this token is given to `RetentionModule`. */
export interface RetentionRules {
  readonly rules: readonly RetentionRule[];
}

export const RETENTION_RULES = Symbol('retention rules');

import type { ErasureDocument, ErasureSubject } from '@rollcall/collections';

/**
 * What a service stores of people without being their owner: names in messages, old values, targets. A service that has
 * some gives a provider for this token to `ErasuresModule`.
 */
export interface PersonalTraces {
  /** Takes a person out of everything. It may be called again after a kill, and then finds what is left. */
  erase(subject: ErasureSubject): Promise<void>;
  /**
   * Whether nothing waits any more that was said before the erasure and would bring names back. Asked before `erase`.
   * Left out: nothing that this service stores comes from such messages.
   */
  isUpToDate?(erasure: ErasureDocument): Promise<boolean>;
}

export const PERSONAL_TRACES = Symbol('personal traces');

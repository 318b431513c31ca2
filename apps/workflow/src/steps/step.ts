import type { AccountDocument, PersonDocument, WorkflowRunDocument } from '@rollcall/collections';
import type { Connector } from '@rollcall/connector-kit';
import type { ApiBlock, Preset, Trigger } from '@rollcall/contracts';
import type { CommandContext } from '@rollcall/messaging';

import type { EndedState } from '../workflow-runs/workflow-run-record.js';

/** One step of a held workflow run, about to be worked on. */
export interface Step {
  readonly run: WorkflowRunDocument;
  readonly position: number;
  readonly trigger: Trigger;
  /** App of the rule, null for people. */
  readonly app: string | null;
  readonly block: ApiBlock;
  readonly preset: Preset;
  readonly connector: Connector;
  /** Aborts when the run is no longer held. */
  readonly signal: AbortSignal;
}

/** The record that started the run, as it is now, with everything a template may ask about it. */
export interface Subject {
  readonly account: AccountDocument | null;
  readonly person: PersonDocument | null;
  /** Accounts of the person. */
  readonly accounts: readonly AccountDocument[];
}

/** Told to the owner of accounts (architecture 9). */
export interface Observation {
  readonly account: string;
  readonly finding: 'gone' | 'inactive';
  readonly observedAt: number;
  readonly text: string;
}

export interface StepEnd {
  readonly kind: 'ended';
  readonly state: EndedState;
  readonly message: string | null;
  readonly attempts: number;
  readonly observation?: Observation | null;
  /** Written in the transaction that ends the step. */
  readonly also?: (session: CommandContext['session']) => Promise<void>;
}

export interface StepWait {
  readonly kind: 'wait';
  /** When it goes on by the database's clock, or in how many milliseconds. */
  readonly until: Date | { readonly inMs: number };
  readonly message: string;
  readonly attempts: number;
  readonly announce: boolean;
}

export type StepResult = StepEnd | StepWait;

export function stepId({ run, block }: { run: Pick<Step['run'], '_id'>; block: Pick<Step['block'], 'id'> }): string {
  return `${run._id}/${block.id}`;
}

export function waitFor(milliseconds: number, message: string, attempts: number, announce = false): StepWait {
  return { kind: 'wait', until: { inMs: milliseconds }, message, attempts, announce };
}

/** 1 s, 4 s, 16 s, 64 s … at most five minutes. */
export function backoffMs(attempts: number): number {
  return Math.min(1_000 * 4 ** Math.max(attempts - 1, 0), 5 * 60_000);
}

import { Injectable } from '@nestjs/common';
import type { WorkflowVersionDocument } from '@rollcall/collections';
import {
  type CloudEvent,
  personEventDataSchema,
  saasUserEventDataSchema,
  type Trigger,
  triggerSchema,
} from '@rollcall/contracts';
import {
  type BatchContext,
  type ConsumedMessage,
  DeadLetters,
  decodeEvent,
  type MessageBatch,
} from '@rollcall/messaging';

import { WorkflowRunsService } from '../workflow-runs/workflow-runs.service.js';
import { type ActiveVersions, ActiveWorkflows } from '../workflows/active-workflows.service.js';
import { startsWorkflow, type TriggeringEvent } from './match-event.js';
import { peekInitial, peekType } from './peek-event.js';
import { StoredChanges } from './stored-changes.js';

/** Which events of one topic may start something right now. */
interface Interest {
  readonly versions: ActiveVersions;
  readonly types: ReadonlySet<string>;
  /** Nobody wants events of runs before the first completed one. */
  readonly ignoresInitial: boolean;
}

type Looked = { readonly event: CloudEvent } | 'of-no-interest' | 'unreadable';

/** Starts workflow runs from events of records: each event once, in any order (C6, P18). */
@Injectable()
export class TriggersService {
  constructor(
    private readonly active: ActiveWorkflows,
    private readonly runs: WorkflowRunsService,
    private readonly deadLetters: DeadLetters,
    private readonly stored: StoredChanges,
  ) {}

  /** Takes a whole batch and commits once: a crash repeats it, and the ids of the runs keep that harmless. */
  async take(batch: MessageBatch, context: BatchContext, group: string): Promise<void> {
    const interest = interestOf(await this.active.current(), batch.topic.noun);
    let last = -1;
    for (const message of batch.messages) {
      if (interest.types.size > 0) {
        const looked = lookAt(message, interest);
        if (looked !== 'of-no-interest') {
          if (!context.isCurrent()) break;
          await this.takeOne(batch, message, looked, interest, group);
        }
      }
      last = message.offset;
    }
    if (last >= 0) await context.commit(last);
  }

  private async takeOne(
    batch: MessageBatch,
    message: ConsumedMessage,
    looked: { readonly event: CloudEvent } | 'unreadable',
    interest: Interest,
    group: string,
  ): Promise<void> {
    const park = (code: string, reason: string) =>
      this.deadLetters.park([{ topic: batch.topic, partition: batch.partition, group, message, code, reason }]);
    if (looked === 'unreadable') return park('not-an-event', 'the value is not a CloudEvent in structured JSON mode');
    const { event } = looked;
    const trigger = triggerSchema.parse(event.type);
    const read = readTriggering(event);
    if (read === null) return park('not-an-event', `the data of ${event.type} has another shape than agreed`);
    const versions = startedBy(interest.versions, trigger, read);
    if (versions.length === 0) return;
    const { id, type, subject } = event;
    if (!(await this.stored.hold({ ...read, noun: batch.topic.noun, id, type, subject }))) return park(...notStored);
    const { cause, time } = read;
    for (const version of versions) {
      await this.runs.start({ version, event: id, trigger, subject, cause, time });
    }
  }
}

const notStored = [
  'event-not-stored',
  'Mapping stored no change that says this, so no workflow was started. If the database of mapping was restored from ' +
    'before, look by hand at what happened since. Otherwise somebody else wrote the message: find out who can write to the ' +
    'broker, and take that right away.',
] as const;

function startedBy(versions: ActiveVersions, trigger: Trigger, event: TriggeringEvent): WorkflowVersionDocument[] {
  return (versions.get(trigger) ?? []).filter((version) => startsWorkflow(version, event));
}

function interestOf(versions: ActiveVersions, noun: string): Interest {
  const prefix = noun === 'people' ? 'person.' : 'saas-user.';
  const own = [...versions].filter(([trigger]) => trigger.startsWith(prefix));
  return {
    versions,
    types: new Set(own.map(([trigger]) => trigger)),
    ignoresInitial: own.every(([, group]) => group.every(({ definition }) => !definition.begin.includeInitial)),
  };
}

function lookAt(message: ConsumedMessage, { types, ignoresInitial }: Interest): Looked {
  if (message.value === null) return 'unreadable';
  const type = peekType(message.value);
  if (type !== null) {
    if (!types.has(type)) return 'of-no-interest';
    if (ignoresInitial && peekInitial(message.value)) return 'of-no-interest';
  }
  const event = decodeEvent(message);
  if (event === null) return 'unreadable';
  return types.has(event.type) ? { event } : 'of-no-interest';
}

function readTriggering(event: CloudEvent): TriggeringEvent | null {
  if (event.type.startsWith('person.')) {
    const { data } = personEventDataSchema.safeParse(event.data);
    return data ? { time: event.time, app: null, cause: data.cause } : null;
  }
  const { data } = saasUserEventDataSchema.safeParse(event.data);
  return data ? { time: event.time, app: data.record.app, cause: data.cause } : null;
}

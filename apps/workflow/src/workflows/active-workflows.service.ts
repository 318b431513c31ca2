import { Injectable } from '@nestjs/common';
import type { WorkflowVersionDocument } from '@rollcall/collections';
import type { Trigger } from '@rollcall/contracts';

import { WorkflowsRepository } from './workflows.repository.js';

/** The versions that events may start, by trigger. */
export type ActiveVersions = ReadonlyMap<Trigger, readonly WorkflowVersionDocument[]>;

/** A look is this long good for, so that a first load costs few of them. Activations of this process count at once. */
const maxAgeMs = 100;

/**
 * Published versions of active workflows, in memory. Versions never change, so a refresh asks for ids only and reads
 * what is new. Who asks while a refresh is under way waits for the next one, because the running one may have looked
 * before an activation that the asker's events come after.
 */
@Injectable()
export class ActiveWorkflows {
  private versions = new Map<string, WorkflowVersionDocument>();
  private byTrigger: ActiveVersions = new Map();
  private running: Promise<void> | null = null;
  private next: Promise<void> | null = null;
  /** When the newest finished look began, by the monotonic clock; minus infinity = none that counts. */
  private lookedAt = Number.NEGATIVE_INFINITY;
  private expirations = 0;

  constructor(private readonly workflows: WorkflowsRepository) {}

  /** What is active now, at most `maxAgeMs` old where another process changed it. */
  async current(): Promise<ActiveVersions> {
    if (performance.now() - this.lookedAt < maxAgeMs) return this.byTrigger;
    if (this.running === null) {
      await this.begin();
    } else {
      // An error of the running refresh is its own askers' business.
      this.next ??= this.running.then(
        () => this.begin(),
        () => this.begin(),
      );
      await this.next;
    }
    return this.byTrigger;
  }

  /** After a local activation or deactivation: the next asker looks again. */
  expire(): void {
    this.lookedAt = Number.NEGATIVE_INFINITY;
    this.expirations += 1;
  }

  private begin(): Promise<void> {
    this.next = null;
    const startedAt = performance.now();
    const { expirations } = this;
    const refresh = this.refresh()
      .then(() => {
        if (expirations === this.expirations) this.lookedAt = startedAt;
      })
      .finally(() => {
        if (this.running === refresh) this.running = null;
      });
    this.running = refresh;
    return refresh;
  }

  private async refresh(): Promise<void> {
    const ids = await this.workflows.activeVersionIds();
    const missing = ids.filter((id) => !this.versions.has(id));
    if (missing.length === 0 && ids.length === this.versions.size) return;
    const read = missing.length === 0 ? [] : await this.workflows.findVersions(missing);
    const known = new Map([...this.versions.values(), ...read].map((version) => [version._id, version]));
    const active = ids.flatMap((id) => known.get(id) ?? []);
    this.versions = new Map(active.map((version) => [version._id, version]));
    this.byTrigger = groupByTrigger(active);
  }
}

function groupByTrigger(versions: readonly WorkflowVersionDocument[]): ActiveVersions {
  const groups = new Map<Trigger, WorkflowVersionDocument[]>();
  for (const version of versions) {
    const { trigger } = version.definition.begin;
    groups.set(trigger, [...(groups.get(trigger) ?? []), version]);
  }
  return groups;
}

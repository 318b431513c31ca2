interface GroupState {
  partitions: readonly number[];
  lastAliveAt: number;
  /** Why it does not consume at the moment. */
  away: string | null;
  crashed: string | null;
  failing: Map<number, string>;
}

/** Reads a partition on from an offset, whatever the group has committed. */
export type Seek = (partition: number, offset: number) => void;

/** A fetch or heartbeat happens at least every few seconds; longer silence means a deaf consumer. */
const silenceLimitMs = 60_000;

/** What is known of this process's consumers, for /readyz and for whoever must act when partitions arrive. */
export class ConsumerHealth {
  private readonly groups = new Map<string, GroupState>();
  private readonly listeners = new Map<string, (partitions: readonly number[], seek: Seek) => void>();

  /** `now` must not step back, as the time of day may. */
  constructor(private readonly now: () => number = () => performance.now()) {}

  /** Calls `listener` with the partitions of each new assignment of `group`. */
  onAssigned(group: string, listener: (partitions: readonly number[], seek: Seek) => void): void {
    this.listeners.set(group, listener);
  }

  /** The group will be joined; until then it counts as away. */
  expect(group: string): void {
    this.away(group, 'it has not joined its group yet');
  }

  joined(group: string, partitions: readonly number[], seek: Seek): void {
    const state = this.stateOf(group);
    state.partitions = partitions;
    state.away = null;
    state.failing.clear();
    this.alive(group);
    this.listeners.get(group)?.(partitions, seek);
  }

  alive(group: string): void {
    this.stateOf(group).lastAliveAt = this.now();
  }

  /** It lost its group and comes back by itself. */
  away(group: string, reason: string): void {
    this.stateOf(group).away = reason;
  }

  crashed(group: string, reason: string): void {
    this.stateOf(group).crashed = reason;
  }

  failing(group: string, partition: number, reason: string): void {
    this.stateOf(group).failing.set(partition, reason);
  }

  recovered(group: string, partition: number): void {
    this.stateOf(group).failing.delete(partition);
  }

  report(): { ok: boolean; detail: string } {
    const troubles = [...this.groups].flatMap(([group, state]) => this.troublesOf(group, state));
    return { ok: troubles.length === 0, detail: troubles.join('; ') || `${this.groups.size} consumer groups` };
  }

  private troublesOf(group: string, state: GroupState): string[] {
    const troubles: string[] = [];
    if (state.crashed !== null) troubles.push(`${group} crashed: ${state.crashed}`);
    else if (state.away !== null) troubles.push(`${group} does not consume: ${state.away}`);
    else if (this.now() - state.lastAliveAt > silenceLimitMs) troubles.push(`${group} is silent for over a minute`);
    for (const [partition, reason] of state.failing) troubles.push(`${group}/${partition} is failing: ${reason}`);
    return troubles;
  }

  private stateOf(group: string): GroupState {
    let state = this.groups.get(group);
    if (!state) {
      state = { partitions: [], lastAliveAt: this.now(), away: null, crashed: null, failing: new Map() };
      this.groups.set(group, state);
    }
    return state;
  }
}

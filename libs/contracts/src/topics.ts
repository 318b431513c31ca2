/** The six services. Each owns one commands topic, `rollcall.commands.<service>.v1`. */
export const serviceNames = ['gateway', 'credential-vault', 'sync-runner', 'mapping', 'workflow', 'notifier'] as const;
export type ServiceName = (typeof serviceNames)[number];

/**
 * Every Kafka topic of the product (architecture 4). A topic name written anywhere else is a lint error.
 * Partition counts may grow, never shrink.
 */
export interface TopicDefinition {
  /** Full name in the default namespace, `rollcall.<noun>.v<major>`. */
  readonly name: string;
  /** The noun that event ids begin with (C4). */
  readonly noun: string;
  /** What the message key is, in words. */
  readonly key: string;
  readonly partitions: number;
  readonly retentionHours: number;
  readonly visibility: 'public' | 'internal';
  /** The service that creates it (G2), and the only one whose signature counts where `signed` says so. */
  readonly owner: ServiceName;
  /**
   * Who vouches for a message. `owner`: each carries the owner's signature, and no consumer is given another one.
   * `sender`: each names its sender and carries that one's signature, which the reader compares with who may send it.
   * `nobody`: whoever acts on a message asks the owner's collections first.
   */
  readonly signed: 'owner' | 'sender' | 'nobody';
  /** Whether the key decides on the partition, or the sender names it because it is part of the data. */
  readonly placed: 'by-key' | 'by-sender';
  readonly description: string;
}

export function defineTopic(
  topic: Omit<TopicDefinition, 'name' | 'placed'> & { major?: number; placed?: TopicDefinition['placed'] },
): TopicDefinition {
  const { major = 1, placed = 'by-key', ...rest } = topic;
  return { ...rest, placed, name: `rollcall.${topic.noun}.v${major}` };
}

const DAY = 24;

export const rawRecordsTopic = defineTopic({
  noun: 'raw-records',
  owner: 'sync-runner',
  key: 'integration id; the partition is the one stored in the integration',
  partitions: 24,
  retentionHours: 72,
  visibility: 'internal',
  signed: 'owner',
  placed: 'by-sender',
  description: 'START, records, END, ABORT, SWEEP and UNDO of one integration, in order.',
});

export const runReportsTopic = defineTopic({
  noun: 'run-reports',
  owner: 'mapping',
  key: 'run id',
  partitions: 6,
  retentionHours: 7 * DAY,
  visibility: 'internal',
  signed: 'owner',
  description: 'What mapping did with a run: mapped, swept, undone.',
});

export const runsTopic = defineTopic({
  noun: 'runs',
  owner: 'sync-runner',
  key: 'integration id',
  partitions: 6,
  retentionHours: 30 * DAY,
  visibility: 'public',
  signed: 'owner',
  description: 'Life of runs, and what notifier needs to watch them: integration.configured, schedule.planned.',
});

export const peopleTopic = defineTopic({
  noun: 'people',
  owner: 'mapping',
  key: 'person id',
  partitions: 12,
  retentionHours: 7 * DAY,
  visibility: 'public',
  signed: 'nobody',
  description: 'Every change of a person, with the whole record and its revision.',
});

export const saasUsersTopic = defineTopic({
  noun: 'saas-users',
  owner: 'mapping',
  key: 'account id',
  partitions: 12,
  retentionHours: 7 * DAY,
  visibility: 'public',
  signed: 'nobody',
  description: 'Every change of a SaaS user, with the whole record and its revision.',
});

/** Its length is what counts: mapping's database holds how long it is, so that each notices when the other was restored. */
export const recordMarksTopic = defineTopic({
  noun: 'record-marks',
  owner: 'mapping',
  key: 'epoch of the records',
  partitions: 1,
  retentionHours: 7 * DAY,
  visibility: 'internal',
  signed: 'owner',
  description: 'Marks of how far mapping has come, by which a restored database or topic is noticed.',
});

export const peoplePlansTopic = defineTopic({
  noun: 'people-plans',
  owner: 'mapping',
  key: 'people plan id',
  partitions: 3,
  retentionHours: 30 * DAY,
  visibility: 'internal',
  signed: 'owner',
  description: 'People plans that the guard held back; notifier informs the contacts.',
});

export const workflowsTopic = defineTopic({
  noun: 'workflows',
  owner: 'workflow',
  key: 'workflow run id',
  partitions: 6,
  retentionHours: 7 * DAY,
  visibility: 'public',
  signed: 'owner',
  description: 'Life of workflow runs and of their steps.',
});

export const noticesTopic = defineTopic({
  noun: 'notices',
  owner: 'notifier',
  key: 'notice id',
  partitions: 6,
  retentionHours: 7 * DAY,
  visibility: 'internal',
  signed: 'owner',
  description: 'Notices to contacts; gateways forward them to open streams.',
});

export const credentialsTopic = defineTopic({
  noun: 'credentials',
  owner: 'credential-vault',
  key: 'credential id',
  partitions: 6,
  retentionHours: 7 * DAY,
  visibility: 'internal',
  signed: 'owner',
  description: 'Metadata of credentials changed; never a secret.',
});

export const deadLettersTopic = defineTopic({
  noun: 'dead-letters',
  owner: 'mapping',
  key: 'key of the original message',
  partitions: 3,
  retentionHours: 30 * DAY,
  visibility: 'internal',
  signed: 'nobody',
  description: 'Messages that cannot be processed, parked with their reason.',
});

const commandTopics = new Map<ServiceName, TopicDefinition>(
  serviceNames.map((service) => [
    service,
    defineTopic({
      noun: `commands.${service}`,
      owner: service,
      key: 'aggregate id',
      partitions: 6,
      retentionHours: 1,
      visibility: 'internal',
      signed: 'sender',
      description: `Commands to ${service}.`,
    }),
  ]),
);

export function commandsTopicOf(service: ServiceName): TopicDefinition {
  return commandTopics.get(service)!;
}

export const topics: readonly TopicDefinition[] = [
  rawRecordsTopic,
  runReportsTopic,
  runsTopic,
  peopleTopic,
  saasUsersTopic,
  recordMarksTopic,
  peoplePlansTopic,
  workflowsTopic,
  noticesTopic,
  credentialsTopic,
  deadLettersTopic,
  ...commandTopics.values(),
];

export function topicsOwnedBy(service: ServiceName): readonly TopicDefinition[] {
  return topics.filter((topic) => topic.owner === service);
}

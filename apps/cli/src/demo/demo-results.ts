import {
  accounts,
  Databases,
  notices,
  outgoingMail,
  people,
  type RunDocument,
  runs,
  workflowRuns,
} from '@rollcall/collections';
import { peopleTopic, saasUsersTopic, type TopicDefinition } from '@rollcall/contracts';
import { KafkaConnection, readTopic } from '@rollcall/messaging';
import { createLogger } from '@rollcall/observability';

export interface EngineAddresses {
  readonly kafkaBrokers: string;
  readonly mongodbUri: string;
  readonly namespace: string;
}

export interface Results {
  readonly people: number;
  readonly activePeople: number;
  readonly saasUsers: number;
  readonly activeSaasUsers: number;
}

/** What stands in MongoDB and in the topics, read without asking the services. */
export class DemoResults {
  private constructor(
    private readonly databases: Databases,
    private readonly kafka: KafkaConnection,
  ) {}

  static async open(engines: EngineAddresses): Promise<DemoResults> {
    const { namespace } = engines;
    const databases = await Databases.connect({ uri: engines.mongodbUri, namespace, appName: 'demo' });
    const logger = createLogger({ service: 'demo', level: 'error' });
    const options = { brokers: engines.kafkaBrokers, clientId: 'demo', namespace, logger };
    return new DemoResults(databases, new KafkaConnection(options));
  }

  async records(): Promise<Results> {
    const persons = this.databases.collection(people);
    const users = this.databases.collection(accounts);
    return {
      people: await persons.countDocuments({ mergedInto: null }),
      activePeople: await persons.countDocuments({ mergedInto: null, active: true }),
      saasUsers: await users.countDocuments({ content: 'user-and-saas-user' }),
      activeSaasUsers: await users.countDocuments({ content: 'user-and-saas-user', active: true }),
    };
  }

  async run(id: string): Promise<RunDocument> {
    return (await this.databases.collection(runs).findOne({ _id: id }))!;
  }

  async workflows(): Promise<{
    runs: number;
    open: number;
    done: number;
    failed: number;
    effects: number;
    alreadyGone: number;
  }> {
    const collection = this.databases.collection(workflowRuns);
    return {
      runs: await collection.countDocuments(),
      open: await collection.countDocuments({ state: { $in: ['running', 'waiting'] } }),
      done: await collection.countDocuments({ state: 'completed' }),
      failed: await collection.countDocuments({ state: 'failed' }),
      effects: await collection.countDocuments({ 'steps.state': 'done' }),
      alreadyGone: await collection.countDocuments({ 'steps.state': 'already-gone' }),
    };
  }

  async mails(): Promise<{ notices: number; sent: number; waiting: number }> {
    const mail = this.databases.collection(outgoingMail);
    return {
      notices: await this.databases.collection(notices).countDocuments(),
      sent: await mail.countDocuments({ state: 'sent' }),
      waiting: await mail.countDocuments({ state: 'queued' }),
    };
  }

  /** Distinct events by type, and whether every revision of every record is there exactly once (I4). */
  async events(): Promise<{ distinct: number; byType: Record<string, number>; gapless: boolean }> {
    const byType: Record<string, number> = {};
    let distinct = 0;
    let gapless = true;
    for (const topic of [peopleTopic, saasUsersTopic]) {
      const events = await this.distinctEvents(topic);
      distinct += events.length;
      for (const { type } of events) byType[type] = (byType[type] ?? 0) + 1;
      gapless &&= isGapless(events);
    }
    return { distinct, byType, gapless };
  }

  async close(): Promise<void> {
    await this.databases.close();
  }

  private async distinctEvents(topic: TopicDefinition): Promise<RecordedEvent[]> {
    const events = new Map<string, RecordedEvent>();
    for (const { value } of await readTopic(this.kafka, topic)) {
      const event = JSON.parse(value) as { id: string; type: string; subject: string; data: { revision: number } };
      events.set(event.id, { type: event.type, subject: event.subject, revision: event.data.revision });
    }
    return [...events.values()];
  }
}

interface RecordedEvent {
  readonly type: string;
  readonly subject: string;
  readonly revision: number;
}

function isGapless(events: readonly RecordedEvent[]): boolean {
  const revisions = new Map<string, number[]>();
  for (const { subject, revision } of events) revisions.set(subject, [...(revisions.get(subject) ?? []), revision]);
  return [...revisions.values()].every((list) => {
    const sorted = list.sort((a, b) => a - b);
    return sorted.every((revision, index) => revision === index + 1);
  });
}

import type { Logger } from '@rollcall/observability';
import { type Admin, Kafka, type LogEntry, logLevel } from 'kafkajs';

import { BrokerReachability, type Reachability } from './broker-reachability.js';
import { patchKafkajs } from './kafkajs-patches.js';

patchKafkajs();

export interface KafkaOptions {
  /** Comma separated host:port list. */
  readonly brokers: string;
  readonly clientId: string;
  /** Prefix of topics and groups, `rollcall` by default. Tests take one each. */
  readonly namespace: string;
  readonly logger: Logger;
}

/** Raised at first contact with a new broker or topic and retried by kafkajs itself. */
const harmless = [
  'Restarting the consumer in',
  'Topic creation errors',
  'coordinator is loading',
  'coordinator is not available',
  'hosts this topic-partition',
  'not the leader for that topic-partition',
  'group is rebalancing, so a rejoin is needed',
];

/** One broker connection set. Everything that knows kafkajs lives in this lib, so that it can be replaced. */
export class KafkaConnection {
  readonly kafka: Kafka;
  readonly namespace: string;
  readonly logger: Logger;
  readonly reachability: Reachability;

  constructor(options: KafkaOptions) {
    this.namespace = options.namespace;
    this.logger = options.logger;
    const { clientId } = options;
    const brokers = options.brokers.split(',').map((broker) => broker.trim());
    this.kafka = new Kafka({
      brokers,
      clientId,
      connectionTimeout: 5_000,
      requestTimeout: 30_000,
      // Longer pauses would outlast the outage that they wait for.
      retry: { initialRetryTime: 100, maxRetryTime: 2_000, retries: 8 },
      logLevel: logLevel.WARN,
      logCreator: () => (entry) => forward(entry, options.logger),
    });
    this.reachability = new BrokerReachability({
      brokers,
      clientOf: (broker) =>
        new Kafka({ brokers: [broker], clientId, logLevel: logLevel.NOTHING, retry: { retries: 0 } }),
    });
  }

  /** Name of a topic or group in this namespace. */
  nameOf(name: string): string {
    return this.namespace === 'rollcall' ? name : name.replace(/^rollcall\b/, this.namespace);
  }

  groupOf(group: string): string {
    return this.namespace === 'rollcall' ? group : `${this.namespace}.${group}`;
  }

  /** Runs `work` with a connected admin client. */
  async withAdmin<Result>(work: (admin: Admin) => Promise<Result>): Promise<Result> {
    const admin = this.kafka.admin();
    await admin.connect();
    try {
      return await work(admin);
    } finally {
      await admin.disconnect();
    }
  }
}

function forward(entry: LogEntry, logger: Logger): void {
  const { message, error, stack } = entry.log as { message: string; error?: string; stack?: string };
  const text = `kafka: ${message}${error ? `: ${error}` : ''}`;
  if (entry.level === logLevel.ERROR && !harmless.some((part) => text.includes(part))) logger.error(text, { stack });
  else if (entry.level === logLevel.WARN) logger.warn(text);
  else logger.debug(text);
}

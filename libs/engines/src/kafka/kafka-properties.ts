export interface KafkaLayout {
  port: number;
  controllerPort: number;
  dataFolder: string;
  /** 1 for the first; which one of `controllerPorts` is its own. */
  nodeId?: number;
  /** Of all nodes, where there are several. */
  controllerPorts?: readonly number[];
}

/**
 * server.properties of a node that is broker and controller (KRaft). As many copies as there are nodes; no automatic
 * topics because `libs/messaging` creates them with their settings; no rebalance delay and few internal partitions
 * because a person waits for the start.
 */
export function kafkaProperties(layout: KafkaLayout): string {
  const { port, controllerPort, dataFolder, nodeId = 1, controllerPorts = [controllerPort] } = layout;
  const copies = controllerPorts.length;
  const inSync = copies > 1 ? copies - 1 : 1;
  const settings: Record<string, string | number | boolean> = {
    'process.roles': 'broker,controller',
    'node.id': nodeId,
    'controller.quorum.voters': controllerPorts.map((voter, index) => `${index + 1}@127.0.0.1:${voter}`).join(),
    listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${port}`,
    'controller.listener.names': 'CONTROLLER',
    'inter.broker.listener.name': 'PLAINTEXT',
    'listener.security.protocol.map': 'CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT',
    'log.dirs': escapeValue(dataFolder),
    'num.partitions': 6,
    'auto.create.topics.enable': false,
    'min.insync.replicas': inSync,
    'offsets.topic.replication.factor': copies,
    'offsets.topic.num.partitions': 3,
    'transaction.state.log.replication.factor': copies,
    'transaction.state.log.min.isr': inSync,
    'transaction.state.log.num.partitions': 3,
    'share.coordinator.state.topic.replication.factor': copies,
    'share.coordinator.state.topic.min.isr': inSync,
    'group.initial.rebalance.delay.ms': 0,
    'num.network.threads': 2,
    'num.io.threads': 2,
    'log.segment.bytes': 67_108_864,
  };
  return Object.entries(settings)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}

/** Java property files read a backslash as an escape. */
const escapeValue = (value: string): string => value.replaceAll('\\', '\\\\');

/**
 * Kafka's own output: warnings and errors, to standard output, which goes to the log file of the process. Without the
 * last rule several consumers that join at once fill it with races over the internal offsets topic, which are harmless.
 */
export const LOG4J_PROPERTIES = `status=error
appender.out.type=Console
appender.out.name=out
appender.out.layout.type=PatternLayout
appender.out.layout.pattern=%d{ISO8601} %p %c{1}: %m%n
rootLogger.level=warn
rootLogger.appenderRef.out.ref=out
logger.server.name=kafka.server.KafkaRaftServer
logger.server.level=info
logger.topics.name=kafka.server.DefaultAutoTopicCreationManager
logger.topics.level=error
`;

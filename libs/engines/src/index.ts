export { containerName } from './docker/containers.js';
export {
  KAFKA_IMAGE,
  kafkaVariables,
  MONGODB_IMAGE,
  mongodbArguments,
  noteContainer,
} from './docker/docker-engines.js';
export { cacheDirectory } from './downloads/cache.js';
export { findOnPath, lastLine, runCommand } from './downloads/command.js';
export { EngineError, type EngineErrorCode } from './engine-error.js';
export { type EngineOptions, type Engines } from './engine-options.js';
export { waitForKafka } from './kafka/kafka-ready.js';
export { ensurePrimary, mongodbUriOf } from './mongodb/replica-set.js';
export { OpenbaoServer } from './openbao/openbao-server.js';
export { closeToOthers, makePrivateFolder } from './private-files.js';
export {
  findProcess,
  listProcesses,
  logFileOf,
  type ManagedProcess,
  startProcess,
  type StartProcessOptions,
  stopProcess,
  type StopResult,
} from './processes/managed-process.js';
export { type ProcessRecord } from './processes/pid-files.js';
export { findFreePort } from './processes/ports.js';
export { identifyProcess, isSameProcess, type ProcessIdentity } from './processes/process-identity.js';
export { startEngines, stopLeftovers } from './start-engines.js';
export { type Machine, ThreeNodes, type ThreeNodesOptions } from './three-nodes/three-nodes.js';

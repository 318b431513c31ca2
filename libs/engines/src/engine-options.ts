export interface EngineOptions {
  /** Data, logs and pid files; `.rollcall` for a person, a folder of its own for a test run. */
  directory: string;
  /** Containers instead of local processes. */
  docker?: boolean;
  /** Stops what runs here and deletes its data first. */
  freshData?: boolean;
  /** Gets plain lines about downloads and detours. */
  log?: (line: string) => void;
  /** Default: the environment of this process. */
  env?: NodeJS.ProcessEnv;
  /** Where a first start looks for free ports from; a later one in the same directory prefers the ports of the last. */
  preferredPorts?: { kafka: number; mongodb: number };
  /** Upper limit of Kafka's heap; 512 unless told. */
  kafkaHeapMb?: number;
}

export interface Engines {
  /** Comma-separated `host:port`. */
  kafkaBrokers: string;
  mongodbUri: string;
  /** Which engine was chosen, one sentence each. */
  descriptions: string[];
  /** Ends what was started here; addresses given by the environment are left alone. Data stays. */
  stop(): Promise<void>;
}

/** The options with their defaults, as the single engines see them. */
export type ResolvedOptions = Required<EngineOptions>;

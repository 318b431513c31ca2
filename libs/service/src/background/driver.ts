import type { Logger } from '@rollcall/observability';

/** What has work done in the background. */
export interface Driver {
  /** The first step begins at once. */
  start(): void;
  /** Looks at once instead of at the next time. */
  wake(): void;
  /** Begins no further step, and waits for the one under way. */
  stop(): Promise<void>;
}

export interface DriverOptions {
  /** Names the work in log lines, and an interval among those of the process. */
  readonly name: string;
  readonly logger: Logger;
  /** One step; true = look again at once. */
  readonly step: () => Promise<boolean | void>;
}

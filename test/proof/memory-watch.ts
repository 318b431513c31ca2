import { readFileSync } from 'node:fs';

import type { Installation } from '../e2e/installation.js';

/** Most memory that each service was seen with, in megabytes, over all its lives (I13). */
export class MemoryWatch {
  readonly peaks: Record<string, number> = {};
  private readonly timer: NodeJS.Timeout;

  constructor(private readonly installation: Installation) {
    this.timer = setInterval(() => this.look(), 500);
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private look(): void {
    for (const [name, process] of this.installation.everyProcess) {
      try {
        const status = readFileSync(`/proc/${process.pid}/status`, 'utf8');
        const kilobytes = Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0);
        this.peaks[name] = Math.max(this.peaks[name] ?? 0, Math.round(kilobytes / 1024));
      } catch {
        // Just killed, or not yet back.
      }
    }
  }
}

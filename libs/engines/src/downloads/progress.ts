import { Presets, SingleBar } from 'cli-progress';

export interface Progress {
  advance(bytes: number): void;
  /** The work is over; `succeeded` false leaves the word to the error. */
  end(succeeded: boolean): void;
}

/** A bar on a terminal, two plain lines elsewhere. `totalBytes` 0 = unknown: the bar then only counts seconds. */
export function startProgress(title: string, totalBytes: number, log: (line: string) => void): Progress {
  return process.stderr.isTTY ? bar(title, totalBytes) : lines(title, totalBytes, log);
}

function bar(title: string, totalBytes: number): Progress {
  const measure = totalBytes > 0 ? ' {bar} {percentage}%' : '';
  const progress = new SingleBar(
    { format: `${title}${measure} {duration_formatted}`, hideCursor: true, stream: process.stderr, barsize: 30 },
    Presets.shades_classic,
  );
  progress.start(totalBytes || 1, 0);
  const tick = setInterval(() => progress.updateETA(), 500);
  return {
    advance: (bytes) => progress.increment(bytes),
    end: () => {
      clearInterval(tick);
      progress.stop();
    },
  };
}

function lines(title: string, totalBytes: number, log: (line: string) => void): Progress {
  const startedAt = Date.now();
  const size = totalBytes > 0 ? ` (${Math.ceil(totalBytes / 1_000_000)} MB)` : '';
  log(`${title}${size} …`);
  return {
    advance: () => undefined,
    end: (succeeded) => {
      if (succeeded) log(`${title}: done in ${Math.ceil((Date.now() - startedAt) / 1000)} s.`);
    },
  };
}

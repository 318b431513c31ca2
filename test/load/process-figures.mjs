import { readFileSync } from 'node:fs';

const ticksPerSecond = 100;

/**
 * CPU seconds (user and system, all threads) that a process has used so far.
 * @param {number | undefined} pid
 */
export function cpuSeconds(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}

/**
 * Largest resident memory of a process so far, in MB.
 * @param {number | undefined} pid
 */
export function peakMegabytes(pid) {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Math.round(Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]) / 1024);
}

/** Takes CPU figures of named processes around a piece of work. */
export class CpuMeter {
  constructor(/** @type {Record<string, number | undefined>} */ pids) {
    this.pids = pids;
    this.before = new Map(Object.entries(pids).map(([name, pid]) => [name, cpuSeconds(pid)]));
  }

  /**
   * CPU microseconds per user of each process since the meter was made.
   * @param {number} users
   */
  perUser(users) {
    return Object.fromEntries(
      Object.entries(this.pids).map(([name, pid]) => [
        name,
        Math.round(((cpuSeconds(pid) - (this.before.get(name) ?? 0)) * 1e7) / users) / 10,
      ]),
    );
  }
}

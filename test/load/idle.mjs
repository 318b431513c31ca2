/**
 * What the six services, Kafka and MongoDB cost with nothing to do (`npm run bench:idle`), in per cent of one core. Figures, not a
 * test.
 */
import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { formatApiKey, serviceNames } from '@rollcall/contracts';
import { startEngines } from '@rollcall/engines';
import { ServiceProcess, TestEnvironment } from '@rollcall/testing';
import { SMTPServer } from 'smtp-server';

import { cpuSeconds, peakMegabytes } from './process-figures.mjs';

const seconds = Number(process.env.BENCH_SECONDS ?? 60);
const settleMs = 20_000;
const root = new URL('../..', import.meta.url).pathname;
const nodeFlags = ['--max-old-space-size=256', '--initial-old-space-size=128', '--max-semi-space-size=24'];
const directory = mkdtempSync(join(tmpdir(), 'rollcall-idle-'));

const engines = await startEngines({ directory });
process.env.KAFKA_BROKERS = engines.kafkaBrokers;
process.env.MONGODB_URI = engines.mongodbUri;
const environment = await TestEnvironment.create();
const kekFile = join(directory, 'kek');
writeFileSync(kekFile, randomBytes(32).toString('base64'), { mode: 0o600 });
// Notifier looks whether it can deliver mail.
const smtp = new SMTPServer({ authOptional: true, disabledCommands: ['STARTTLS'] });
await new Promise((resolve) => smtp.listen(0, '127.0.0.1', () => resolve(null)));
const { port } = /** @type {import('node:net').AddressInfo} */ (smtp.server.address());
const apiKey = formatApiKey('bench', randomBytes(32).toString('hex'));
const variables = environment.variables({
  NODE_ENV: 'development',
  LOG_LEVEL: 'info',
  SMTP_URL: `smtp://127.0.0.1:${port}`,
  MAIL_FROM: 'rollcall@example.com',
  ROLLCALL_KEK_FILE: kekFile,
  ROLLCALL_BOOTSTRAP_API_KEY_HASH: createHash('sha256').update(apiKey).digest('hex'),
});
const services = await Promise.all(
  serviceNames.map((service) => ServiceProcess.start({ service, root, variables, nodeFlags, readyWithinMs: 120_000 })),
);
/** @type {[name: string, pid: number][]} */
const processes = services.map(({ pid }, at) => [serviceNames[at], pid]);
for (const engine of ['kafka', 'mongodb']) {
  processes.push([engine, JSON.parse(readFileSync(join(directory, 'pids', `${engine}.json`), 'utf8')).pid]);
}

await sleep(settleMs);
const before = processes.map(([, pid]) => cpuSeconds(pid));
await sleep(seconds * 1000);
const shares = processes.map(([name, pid], at) => {
  const share = ((cpuSeconds(pid) - before[at]) * 100) / seconds;
  console.log(`${name.padEnd(17)} ${share.toFixed(1).padStart(5)} %  ${peakMegabytes(pid)} MB at most`);
  return share;
});
const sum = (/** @type {number[]} */ some) => some.reduce((total, share) => total + share, 0).toFixed(1);
console.log(`services together ${sum(shares.slice(0, services.length))} %, with engines ${sum(shares)} % of a core`);

await Promise.all(services.map((service) => service.stop()));
await new Promise((resolve) => smtp.close(() => resolve(null)));
await environment.remove();
await engines.stop();
rmSync(directory, { recursive: true, force: true });

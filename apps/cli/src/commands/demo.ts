import { rmSync } from 'node:fs';
import { join, relative } from 'node:path';

import { type Command } from 'commander';

import { startDemoSimulator } from '../demo/demo-simulator-process.js';
import { MailSink } from '../demo/mail-sink.js';
import { type DemoOutcome, runDemo } from '../demo/run-demo.js';
import { readSettings, type Settings } from '../settings/settings.js';
import { administratorRow } from '../stack/administrator-row.js';
import { checkSettings } from '../stack/check-settings.js';
import { type StackOverrides } from '../stack/stack-environment.js';
import { type StackPaths, stackPaths } from '../stack/stack-paths.js';
import { type Stack, startStack } from '../stack/start-stack.js';
import { stopStack } from '../stack/stop-stack.js';
import { curlLine } from '../terminal/curl-line.js';
import { bold, columns, green, red, writeError, writeLine } from '../terminal/output.js';

interface DemoOptions {
  exit: boolean;
  reset: boolean;
  docker: boolean;
}

/** Half an hour outside the demo; nobody would wait for it here. */
const undoWindowSeconds = 3;

export function registerDemo(program: Command): void {
  program
    .command('demo')
    .description('show the main job on a demo company: five vendors, leavers, a workflow, a mail')
    .option('--exit', 'stop everything at the end; exit code 0 only if every expected number was met', false)
    .option('--reset', 'forget keys and logs of earlier demos too; data always starts afresh', false)
    .option('--docker', 'run Kafka and MongoDB in Docker', false)
    .action(demo);
}

async function demo(options: DemoOptions): Promise<void> {
  const paths = demoPaths();
  const settings = demoSettings();
  // What a demo left behind that was killed, or that still runs in another window.
  const stopped = await stopStack(paths.directory);
  if (stopped.length > 0) writeError(`Stopped an earlier demo: ${stopped.join(', ')}.`);
  if (options.reset) rmSync(paths.directory, { recursive: true, force: true });
  const mail = await MailSink.start(0);
  try {
    await checkSettings(settings, paths.root, overridesOf(mail, 'rollcall'));
    const { outcome, stack } = await tell(paths, mail, settings.env, options);
    report(outcome);
    if (!options.exit) await stayUp(paths, stack);
    await stopStack(paths.directory);
    if (options.exit) writeLine(JSON.stringify({ passed: outcome.passed, ...outcome.numbers }));
    process.exitCode = outcome.passed ? 0 : 1;
  } catch (error) {
    await stopStack(paths.directory);
    throw error;
  } finally {
    await mail.stop();
  }
}

/** The demo has a folder of its own: it never touches what `./rollcall up` keeps. */
export function demoPaths(env: NodeJS.ProcessEnv = process.env): StackPaths {
  const { root, directory } = stackPaths(env);
  return { ...stackPaths({ ...env, ROLLCALL_DIR: join(directory, 'demo') }), root };
}

/**
 * Those of the installation beside it, but not its engines: the demo writes into engines that somebody names for it and
 * into none that others rely on.
 */
function demoSettings(): Settings {
  const { KAFKA_BROKERS, MONGODB_URI } = process.env;
  const settings = readSettings(stackPaths().directory);
  return { ...settings, env: { ...settings.env, KAFKA_BROKERS, MONGODB_URI } };
}

async function tell(
  paths: StackPaths,
  mail: MailSink,
  env: NodeJS.ProcessEnv,
  { docker }: DemoOptions,
): Promise<{ outcome: DemoOutcome; stack: Stack }> {
  const given = env.KAFKA_BROKERS !== undefined || env.MONGODB_URI !== undefined;
  // Engines that somebody else runs are not emptied; each demo has its own names there instead.
  const namespace = given ? `demo${Date.now().toString(36)}` : 'rollcall';
  const stack = await startStack({
    paths,
    docker,
    freshData: true,
    log: writeError,
    env,
    overrides: overridesOf(mail, namespace),
  });
  const simulator = await startDemoSimulator(paths.root, paths.directory);
  writeError('The simulated vendors are ready.');
  const outcome = await runDemo({
    gatewayUrl: stack.gatewayUrl,
    apiKey: stack.apiKey,
    simulatorControlUrl: simulator.controlUrl,
    vendors: simulator.vendors,
    engines: { kafkaBrokers: stack.engines.kafkaBrokers, mongodbUri: stack.engines.mongodbUri, namespace },
    mail,
    undoWindowSeconds,
    print: writeLine,
  });
  return { outcome, stack };
}

function overridesOf(mail: MailSink, namespace: string): StackOverrides {
  const common = { ROLLCALL_NAMESPACE: namespace, NODE_ENV: 'development' };
  // Simulated vendors live on this machine and speak plain http: a development switch that production refuses.
  const local = { ...common, ALLOW_LOOPBACK: 'true' };
  return {
    gateway: common,
    'credential-vault': local,
    'sync-runner': { ...local, TICK_MS: '250' },
    mapping: common,
    workflow: { ...local, UNDO_WINDOW_MS: String(undoWindowSeconds * 1000) },
    notifier: {
      ...common,
      SMTP_URL: `smtp://127.0.0.1:${mail.port}`,
      MAIL_FROM: 'Rollcall demo <rollcall@demo.example>',
    },
  };
}

function report({ passed, unmet }: DemoOutcome): void {
  writeLine();
  if (passed) writeLine(`${green('✓')} ${bold('Every number is what the vendors say it must be.')}`);
  for (const line of unmet) writeLine(`${red('✗')} ${line}`);
}

/** Says where to look and waits for Ctrl-C. */
async function stayUp(paths: StackPaths, stack: Stack): Promise<void> {
  const shortPath = (path: string) => relative(process.cwd(), path) || '.';
  const key = shortPath(paths.apiKey);
  writeLine();
  writeLine(bold('Look around; Ctrl-C stops the demo.'));
  const rows = [
    ...(await administratorRow(paths)),
    ['People', curlLine(`${stack.gatewayUrl}/api/v1/people?limit=3`, key)],
    ['More', '/saas-apps  /runs  /workflow-runs  /notices  /catalog/connectors, below the same address'],
    ['API', `${stack.gatewayUrl}/api/v1/openapi.json`],
    [
      'Events',
      `topics rollcall.people.v1 and rollcall.saas-users.v1 on ${stack.engines.kafkaBrokers}; see docs/events.md`,
    ],
    ['Vendor ledger', shortPath(join(paths.directory, 'vendor-ledger.jsonl'))],
    ['Logs', `${shortPath(paths.directory)}/logs`],
  ];
  for (const line of columns(rows)) writeLine(`  ${line}`);
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
  writeError('\nStopping. Services finish what they are at …');
}

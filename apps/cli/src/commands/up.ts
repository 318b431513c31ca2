import { relative } from 'node:path';

import { type Command } from 'commander';

import { readSettings, type Settings, settingsGuide } from '../settings/settings.js';
import { settingsFileName } from '../settings/settings-file.js';
import { administratorRow } from '../stack/administrator-row.js';
import { checkSettings } from '../stack/check-settings.js';
import { stackPaths } from '../stack/stack-paths.js';
import { startStack } from '../stack/start-stack.js';
import { bold, columns, green, writeError, writeLine } from '../terminal/output.js';

interface UpOptions {
  docker: boolean;
  fresh: boolean;
}

export function registerUp(program: Command): void {
  program
    .command('up')
    .description('start Kafka, MongoDB and the six services, and leave them running')
    .option('--docker', 'run Kafka and MongoDB in Docker', false)
    .option('--fresh', 'delete all data first', false)
    .action(up);
}

async function up({ docker, fresh }: UpOptions): Promise<void> {
  const paths = stackPaths();
  const settings = readSettings(paths.directory);
  await checkSettings(settings, paths.root);
  const stack = await startStack({ paths, docker, freshData: fresh, log: writeError, env: settings.env });
  const shortPath = (path: string) => relative(process.cwd(), path) || '.';
  writeLine(`${green('✓')} ${bold('Rollcall is running.')}`);
  const rows = [
    ['API', `${stack.gatewayUrl}/api/v1`],
    ...(await administratorRow(paths)),
    ['API key', `in ${shortPath(paths.apiKey)}; send it as "Authorization: Bearer <key>"`],
    ['Kafka', stack.engines.kafkaBrokers],
    ['Mail', settings.env['SMTP_URL'] ? './rollcall mail test --to <address>' : 'goes nowhere yet; set SMTP_URL'],
    ['Settings', `${sourcesOf(settings)}; see ${settingsGuide}`],
    ['Logs', `./rollcall logs [service], files in ${shortPath(paths.directory)}/logs`],
    ['Stop', './rollcall down'],
    ['Next', 'docs/guides/first-integration.md'],
  ];
  for (const line of columns(rows)) writeLine(`  ${line}`);
}

/** `3 of settings.env, 1 of the environment`. */
function sourcesOf({ sources }: Settings): string {
  const kinds = [...sources.values()].map(({ kind }) => kind);
  const count = (kind: string) => kinds.filter((one) => one === kind).length;
  const parts = [
    ...(count('file') > 0 ? [`${count('file')} of ${settingsFileName}`] : []),
    ...(count('environment') > 0 ? [`${count('environment')} of the environment`] : []),
  ];
  return parts.join(', ') || 'all defaults';
}

import { relative } from 'node:path';

import { findProcess, isSameProcess } from '@rollcall/engines';
import { type Command } from 'commander';

import { bodyFileOf, keepSimulators } from '../demo/kept-simulators.js';
import { type VendorAccess } from '../demo/vendor-access.js';
import { readSettings } from '../settings/settings.js';
import { portOf } from '../stack/service-process.js';
import { preferredPorts } from '../stack/stack-environment.js';
import { type StackPaths, stackPaths } from '../stack/stack-paths.js';
import { quoted } from '../terminal/curl-line.js';
import { bold, columns, green, writeLine, yellow } from '../terminal/output.js';

export function registerSimulators(program: Command): void {
  program
    .command('simulators')
    .description('start simulated vendors, to try integrations without an account anywhere')
    .action(simulators);
}

async function simulators(): Promise<void> {
  const paths = stackPaths();
  const { controlUrl, vendors } = await keepSimulators(paths);
  const shortPath = (path: string) => quoted(relative(process.cwd(), path) || '.');
  writeLine(`${green('✓')} ${bold('The simulated vendors are running.')} \`./rollcall down\` stops them.`);
  for (const vendor of vendors) for (const line of describe(vendor)) writeLine(line);
  writeLine();
  for (const line of missingSteps(paths)) writeLine(`${yellow('!')} ${line}`);
  writeLine(bold('To make a credential of one, type:'));
  writeLine(`  KEY="Authorization: Bearer $(cat ${shortPath(paths.apiKey)})"`);
  writeLine(`  API=${apiOf(paths)}`);
  writeLine("  JSON='content-type: application/json'");
  for (const vendor of vendors) {
    writeLine(`  curl -H "$KEY" -H "$JSON" $API/credentials \\`);
    writeLine(`    -d @${shortPath(bodyFileOf(paths.directory, vendor))}`);
  }
  writeLine();
  writeLine('docs/guides/first-integration.md goes on from there.');
  writeLine('To let a day pass at all of them (people join, move and leave):');
  writeLine(`  curl -X POST ${controlUrl}/advance-day`);
}

function describe({ name, type, baseUrl, fields }: VendorAccess): string[] {
  const shown = (value: string) => (value.trim() === '' ? JSON.stringify(value) : value);
  const rows = [
    ['base URL', baseUrl],
    ['type', type],
    ...Object.entries(fields).map(([field, value]) => [field, shown(value)]),
  ];
  return ['', bold(name), ...columns(rows).map((line) => `  ${line}`)];
}

/** What keeps a request to them from working just now. */
function missingSteps({ directory }: StackPaths): string[] {
  const gateway = findProcess(directory, 'gateway');
  const { env, path } = readSettings(directory);
  const isAllowed = env['ALLOW_LOOPBACK'] === 'true';
  return [
    ...(isAllowed
      ? []
      : [
          `First add ALLOW_LOOPBACK=true to ${relative(process.cwd(), path)}:`,
          '  credentials may not name this machine otherwise.',
        ]),
    ...(isAllowed && gateway && isSameProcess(gateway) ? [] : ['Then run `./rollcall up`.']),
  ];
}

function apiOf({ directory }: StackPaths): string {
  const gateway = findProcess(directory, 'gateway');
  return `http://127.0.0.1:${gateway ? portOf(gateway) : preferredPorts.gateway}/api/v1`;
}

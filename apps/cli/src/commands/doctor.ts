import { type Command } from 'commander';

import { CliError } from '../cli-error.js';
import { maskSecrets } from '../doctor/mask-secrets.js';
import { writeReport } from '../doctor/report.js';
import { readSettings, type Settings } from '../settings/settings.js';
import { settingsFileOf } from '../settings/settings-file.js';
import { stackPaths } from '../stack/stack-paths.js';
import { writeLine } from '../terminal/output.js';

export function registerDoctor(program: Command): void {
  program
    .command('doctor')
    .description('a report for whoever helps you; secrets are masked')
    .action(async () => {
      const paths = stackPaths();
      const { settings, fault } = settingsOrFault(paths.directory);
      const mask = maskSecrets(paths, settings.env);
      for (const line of await writeReport(paths, settings, fault)) writeLine(mask(line));
    });
}

/** A report is wanted most where something is wrong, with the settings for one. */
function settingsOrFault(directory: string): { settings: Settings; fault: CliError | null } {
  try {
    return { settings: readSettings(directory), fault: null };
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    return { settings: { path: settingsFileOf(directory), env: process.env, sources: new Map() }, fault: error };
  }
}

import { CliError } from '../cli-error.js';
import { allowedSettings, type Settings } from '../settings/settings.js';
import { checkSettings } from '../stack/check-settings.js';
import { columns, wrapped } from '../terminal/output.js';

/** Every setting with its value and where that comes from, and what is wrong with the file. */
export async function describeSettings(settings: Settings, fault: CliError | null, root: string): Promise<string[]> {
  const found = fault ?? (await faultOf(settings, root));
  return [
    ...(found === null ? [] : [...wrapped(`✗ ${found.message}`), ...wrapped(`  ${found.cure}`)]),
    ...columns(allowedSettings.map((setting) => [setting.name, ...valueOf(setting, settings)])),
  ];
}

function valueOf({ name, fallback, isSecret }: (typeof allowedSettings)[number], { env, sources }: Settings): string[] {
  const source = sources.get(name);
  if (source === undefined) return ['default', fallback ?? '-'];
  const from = source.kind === 'file' ? `file, line ${source.line}` : 'environment';
  return [from, isSecret ? '[secret]' : (env[name] ?? '')];
}

async function faultOf(settings: Settings, root: string): Promise<CliError | null> {
  try {
    await checkSettings(settings, root);
    return null;
  } catch (error) {
    if (error instanceof CliError) return error;
    throw error;
  }
}

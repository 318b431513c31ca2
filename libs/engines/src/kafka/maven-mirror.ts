import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * Maven's own default repository (its super POM), and the only registry address in this repository: a machine with
 * nothing but Node and Python must be able to get Kafka without any setting.
 */
const MAVEN_DEFAULT = 'https://repo.maven.apache.org/maven2';

/** Where jars come from: `ROLLCALL_MAVEN_MIRROR`, else the mirror of `~/.m2/settings.xml`, else Maven's default. */
export function mavenMirror(env: NodeJS.ProcessEnv): string {
  const address = env.ROLLCALL_MAVEN_MIRROR || mirrorInSettings(readSettings()) || MAVEN_DEFAULT;
  return address.replace(/\/+$/, '');
}

/** URL of the first mirror in a Maven settings file that stands for the default repository, or null. */
export function mirrorInSettings(settings: string): string | null {
  const withoutRemarks = settings.replace(/<!--[\s\S]*?-->/g, '');
  const mirrors = withoutRemarks.match(/<mirror>[\s\S]*?<\/mirror>/g) ?? [];
  const fitting = mirrors.find((mirror) => standsForDefault(elementOf(mirror, 'mirrorOf') ?? ''));
  return fitting ? elementOf(fitting, 'url') : null;
}

/** `mirrorOf` is a list of repository ids, wildcards and exclusions; the default repository's id is "central". */
function standsForDefault(mirrorOf: string): boolean {
  const names = mirrorOf.split(',').map((name) => name.trim());
  return !names.includes('!central') && names.some((name) => ['*', 'external:*', 'central'].includes(name));
}

function elementOf(xml: string, name: string): string | null {
  return new RegExp(`<${name}>\\s*([^<]*?)\\s*</${name}>`).exec(xml)?.[1] ?? null;
}

function readSettings(): string {
  try {
    return readFileSync(join(homedir(), '.m2', 'settings.xml'), 'utf8');
  } catch {
    return '';
  }
}

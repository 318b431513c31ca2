import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

import { EngineError } from '../engine-error.js';

/**
 * Where jars come from without Maven: `ROLLCALL_MAVEN_MIRROR`, else the mirror of `~/.m2/settings.xml`. There is no
 * address of ours: which repository a machine may ask is its owner's to say.
 * @throws EngineError ENGINE_NOT_OBTAINABLE when neither is set
 */
export function mavenMirror(env: NodeJS.ProcessEnv, settings = readSettings()): string {
  const address = findMavenMirror(env, settings);
  if (address !== null) return address;
  throw new EngineError(
    'ENGINE_NOT_OBTAINABLE',
    'Kafka cannot be downloaded: there is no `mvn` on the path and no Maven mirror is set.',
    'Install Maven, or set ROLLCALL_MAVEN_MIRROR to the address of a Maven repository, or give KAFKA_BROKERS.',
  );
}

/** Null when neither is set. */
export function findMavenMirror(env: NodeJS.ProcessEnv, settings = readSettings()): string | null {
  const address = env.ROLLCALL_MAVEN_MIRROR || mirrorInSettings(settings);
  return address ? address.replace(/\/+$/, '') : null;
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

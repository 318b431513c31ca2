import type { ConnectorManifest } from '@rollcall/contracts';

type Named = Pick<ConnectorManifest, 'id' | 'name' | 'app' | 'loads'>;

/** Whether a connector is meant by what somebody typed: every word of it begins one of its own words, or is within its name. */
export function hasWords({ id, name, app, loads }: Named, typed: string): boolean {
  const own = [id, name, app.name, app.category, ...loads.map(({ label }) => label)].map(plain);
  const words = own.flatMap((text) => text.split(/[^\p{L}\p{N}]+/u));
  const wanted = plain(typed)
    .split(/\s+/)
    .filter((word) => word !== '');
  return wanted.every((word) => words.some((one) => one.startsWith(word)) || own.some((text) => text.includes(word)));
}

/** In any case, and with or without accents. */
const plain = (text: string): string => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();

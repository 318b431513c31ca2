import type { EvaluatedRecord, Evaluation, RawUser, Values } from '@rollcall/contracts';

import type { CompiledMapping, HashContext } from './compile-mapping.js';

/** The form of a text is seen at its beginning; all of them together have to fit into one answer. */
const longestMask = 256;

/** No value depends on these; a run brings its own. */
const anyContext: HashContext = { content: 'user-and-saas-user', app: null, preference: 'create-and-update' };

/** What a mapping makes of real records, for whoever edits it. */
export async function evaluateSamples(
  mapping: CompiledMapping,
  users: readonly RawUser[],
  readAt: Date | null,
): Promise<Evaluation> {
  await mapping.evaluate(users);
  const records = users.map((user) => evaluated(mapping, user));
  return { readAt: readAt?.toISOString() ?? null, records, errors: errorsOf(records) };
}

function evaluated(mapping: CompiledMapping, user: RawUser): EvaluatedRecord {
  const mapped = mapping.map(user, anyContext);
  const id = masked(user.id);
  if (!mapped.ok) {
    const { outcome, code, message } = mapped;
    return { id, outcome, reason: outcome === 'skipped' ? null : { code, message }, values: {}, failures: [] };
  }
  const failures = mapped.failures.map(({ to, message }) => ({ to, message }));
  return { id, outcome: 'written', reason: null, values: maskedValues(mapped.values), failures };
}

function errorsOf(records: readonly EvaluatedRecord[]): Evaluation['errors'] {
  const errors = new Map<string, { to: string; count: number; message: string }>();
  for (const { to, message } of records.flatMap(({ failures }) => failures)) {
    const known = errors.get(to);
    if (known) known.count += 1;
    else errors.set(to, { to, count: 1, message });
  }
  return [...errors.values()];
}

function maskedValues(values: Values): Values {
  return Object.fromEntries(
    Object.entries(values).map(([field, value]) => [
      field,
      typeof value === 'string' ? masked(value) : maskedNumber(value),
    ]),
  );
}

/** The form of a text without its content: what a trim or a date step did is seen, and nobody is. */
export function masked(text: string): string {
  const shown = text.length > longestMask ? `${text.slice(0, longestMask)}…` : text;
  return shown
    .replace(/\p{Lu}/gu, 'X')
    .replace(/\p{L}/gu, (letter) => (letter === 'X' ? 'X' : 'x'))
    .replace(/\p{N}/gu, '9');
}

function maskedNumber(value: Values[string]): Values[string] {
  return typeof value === 'number' ? Number(String(Math.trunc(Math.abs(value))).replace(/\d/g, '9')) : value;
}

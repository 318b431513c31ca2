/**
 * Why an engine ended, out of what it logged: the last two errors, of which the second often follows from the first. They
 * stand above the stack or the backtrace. Kafka logs Java exceptions, MongoDB a JSON object a line. Null where no line is
 * one.
 */
export function causeInLog(log: string): string | null {
  const lines = log.split('\n').map((line) => line.trimEnd());
  const causes = new Set(lines.flatMap((line) => ofMongodb(line) ?? ofJava(line) ?? []));
  return [...causes].slice(-2).join('; ') || null;
}

function ofJava(line: string): string | null {
  const [, kind, words] =
    /^(?:Caused by: |Exception in thread "\S+" )?([\w.$]+(?:Exception|Error))(?:: (.+))?$/.exec(line) ?? [];
  return kind === undefined ? null : (words ?? kind);
}

interface MongodbLine {
  readonly s?: string;
  readonly msg?: string;
  readonly attr?: { readonly error?: unknown; readonly message?: unknown };
}

function ofMongodb(line: string): string | null {
  const { s, msg, attr } = parsed(line);
  if (msg === undefined || !['E', 'F'].includes(s ?? '')) return null;
  const detail = wordsOf(attr?.error) ?? wordsOf(attr?.message);
  // The lines behind an error say only that it ended the program.
  if (detail === null && s === 'F') return null;
  return detail === null ? msg : `${msg}: ${detail}`;
}

function wordsOf(detail: unknown): string | null {
  if (typeof detail === 'string') return detail.trim();
  if (typeof detail !== 'object' || detail === null) return null;
  const { errmsg, msg } = detail as Record<string, unknown>;
  return [errmsg, msg].find((words): words is string => typeof words === 'string') ?? null;
}

function parsed(line: string): MongodbLine {
  if (!line.startsWith('{')) return {};
  try {
    return JSON.parse(line) as MongodbLine;
  } catch {
    return {};
  }
}

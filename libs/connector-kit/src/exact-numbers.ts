const quote = 0x22;
const backslash = 0x5c;
const minus = 0x2d;

const isDigit = (code: number): boolean => code >= 0x30 && code <= 0x39;
/** `.`, `e`, `E`, `+`, `-` and digits: whatever a number goes on with. */
const goesOn = (code: number): boolean =>
  isDigit(code) || code === 0x2e || code === 0x65 || code === 0x45 || code === 0x2b || code === minus;

/** True for a number that JSON.parse cannot be trusted with: its neighbours are read as the same one. */
export function isTooLarge(value: number): boolean {
  return value > Number.MAX_SAFE_INTEGER || value < Number.MIN_SAFE_INTEGER;
}

const numbers = new WeakMap<object, Set<string>>();

/** Notes which fields of a record were numbers before they became texts of their digits. */
export function noteLargeNumbers(before: object, after: object): void {
  const fields = Object.entries(before).flatMap(([field, value]) =>
    typeof value === 'number' && isTooLarge(value) ? [field] : [],
  );
  if (fields.length > 0) numbers.set(after, new Set(fields));
}

/** True for a field whose text is the digits of a number. */
export function wasLargeNumber(record: object, field: string): boolean {
  return numbers.get(record)?.has(field) === true;
}

function endOfString(text: string, start: number): number {
  let at = start + 1;
  for (;;) {
    const end = text.indexOf('"', at);
    if (end === -1) return text.length;
    let escapes = 0;
    while (text.charCodeAt(end - 1 - escapes) === backslash) escapes += 1;
    if (escapes % 2 === 0) return end + 1;
    at = end + 1;
  }
}

function endOfNumber(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && goesOn(text.charCodeAt(at))) at += 1;
  return at;
}

/**
 * The same JSON with every number that is too large written as a text of its own digits, so that none is lost. Takes
 * JSON that was parsed before; its cost is one pass, and hardly any answer needs it.
 */
export function withLargeNumbersAsText(json: string): string {
  const parts: string[] = [];
  let copied = 0;
  for (let at = 0; at < json.length;) {
    const code = json.charCodeAt(at);
    if (code === quote) at = endOfString(json, at);
    else if (code === minus || isDigit(code)) {
      const end = endOfNumber(json, at);
      const digits = json.slice(at, end);
      if (isTooLarge(Number(digits))) {
        parts.push(json.slice(copied, at), `"${digits}"`);
        copied = end;
      }
      at = end;
    } else at += 1;
  }
  parts.push(json.slice(copied));
  return parts.join('');
}

import type { Operator } from './filter-operators.js';

export type Literal =
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'date'; readonly value: number }
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'null'; readonly value: null };

export interface Comparison {
  readonly kind: 'comparison';
  readonly property: string;
  readonly operator: Operator;
  /** Several only for `in`. */
  readonly values: readonly Literal[];
}

export type FilterNode =
  | Comparison
  | { readonly kind: 'and' | 'or'; readonly parts: readonly FilterNode[] }
  | { readonly kind: 'not'; readonly part: FilterNode };

/** Text that is no filter. */
export class FilterSyntaxError extends Error {}

interface Token {
  readonly kind: 'text' | 'date' | 'number' | 'word' | 'sign';
  readonly text: string;
}

const TOKEN =
  /\s*(?:(?<text>'(?:[^']|'')*')|(?<date>\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,7})?)?(?:Z|[+-]\d\d:\d\d))?)|(?<number>-?\d+(?:\.\d+)?)|(?<word>[A-Za-z_$@][\w./$@]*)|(?<sign>[(),:]))/y;
const COMPARISONS: ReadonlySet<string> = new Set(['eq', 'ne', 'ge', 'le', 'gt', 'lt']);
const FUNCTIONS: ReadonlyMap<string, Operator> = new Map([
  ['startswith', 'startsWith'],
  ['endswith', 'endsWith'],
  ['contains', 'contains'],
]);
/** Deeper is no filter that anybody writes. */
const DEEPEST = 50;

/**
 * The part of OData's grammar that users are filtered with: `eq ne ge le gt lt in`, `startsWith endsWith contains`, `and`
 * before `or`, `not`, parentheses; texts in single quotes, doubled inside; `true false null`, dates, numbers.
 * @throws FilterSyntaxError
 */
export function parseFilter(text: string): FilterNode {
  const parser = new FilterParser(tokensOf(text));
  const node = parser.either(0);
  parser.end();
  return node;
}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  const trimmed = text.trimEnd();
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < trimmed.length) {
    const groups = TOKEN.exec(trimmed)?.groups;
    if (!groups) throw new FilterSyntaxError('a character that belongs to nothing');
    const [kind, found] = Object.entries(groups).find(([, value]) => value !== undefined) as [Token['kind'], string];
    tokens.push({ kind, text: found });
  }
  return tokens;
}

class FilterParser {
  private next = 0;

  constructor(private readonly tokens: readonly Token[]) {}

  end(): void {
    if (this.next < this.tokens.length) throw new FilterSyntaxError('something follows after the end');
  }

  either(depth: number): FilterNode {
    return this.joined('or', () => this.joined('and', () => this.one(depth)));
  }

  private joined(word: 'and' | 'or', part: () => FilterNode): FilterNode {
    const parts = [part()];
    while (this.takes('word', word)) parts.push(part());
    return parts.length === 1 ? (parts[0] as FilterNode) : { kind: word, parts };
  }

  private one(depth: number): FilterNode {
    if (depth > DEEPEST) throw new FilterSyntaxError('it is nested too deep');
    if (this.takes('word', 'not')) return { kind: 'not', part: this.one(depth + 1) };
    if (this.takes('sign', '(')) {
      const inner = this.either(depth + 1);
      this.expect(')');
      return inner;
    }
    const name = this.take('word');
    return this.takes('sign', '(') ? this.call(name) : this.comparison(name);
  }

  private call(name: string): Comparison {
    const operator = FUNCTIONS.get(name.toLowerCase());
    if (!operator) throw new FilterSyntaxError(`there is no function ${name}`);
    const property = this.take('word');
    this.expect(',');
    const value = this.literal();
    this.expect(')');
    return { kind: 'comparison', property, operator, values: [value] };
  }

  private comparison(property: string): Comparison {
    const operator = this.take('word');
    if (operator === 'in') return { kind: 'comparison', property, operator, values: this.list() };
    if (!COMPARISONS.has(operator)) throw new FilterSyntaxError(`there is no operator ${operator}`);
    return { kind: 'comparison', property, operator: operator as Operator, values: [this.literal()] };
  }

  private list(): Literal[] {
    this.expect('(');
    const values = [this.literal()];
    while (this.takes('sign', ',')) values.push(this.literal());
    this.expect(')');
    return values;
  }

  private literal(): Literal {
    const token = this.tokens[this.next];
    this.next += 1;
    const value = token && literalOf(token);
    if (!value) throw new FilterSyntaxError('a value is missing');
    return value;
  }

  private take(kind: Token['kind']): string {
    const token = this.tokens[this.next];
    if (token?.kind !== kind) throw new FilterSyntaxError(`a ${kind} is missing`);
    this.next += 1;
    return token.text;
  }

  private takes(kind: Token['kind'], text: string): boolean {
    const token = this.tokens[this.next];
    const fits = token?.kind === kind && token.text === text;
    if (fits) this.next += 1;
    return fits;
  }

  private expect(sign: string): void {
    if (!this.takes('sign', sign)) throw new FilterSyntaxError(`"${sign}" is missing`);
  }
}

const WORDS: Readonly<Record<string, Literal>> = {
  true: { kind: 'boolean', value: true },
  false: { kind: 'boolean', value: false },
  null: { kind: 'null', value: null },
};

function literalOf({ kind, text }: Token): Literal | null {
  if (kind === 'text') return { kind, value: text.slice(1, -1).replaceAll("''", "'") };
  if (kind === 'number') return { kind, value: Number(text) };
  if (kind === 'word') return Object.hasOwn(WORDS, text) ? (WORDS[text] ?? null) : null;
  const value = kind === 'date' ? Date.parse(text) : Number.NaN;
  return Number.isNaN(value) ? null : { kind: 'date', value };
}

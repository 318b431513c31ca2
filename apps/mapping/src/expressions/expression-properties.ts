import jsonata from 'jsonata';

interface Node {
  readonly type?: string;
  readonly value?: unknown;
  readonly steps?: readonly Node[];
}

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null;

/** `$$` is the record itself, wherever it stands; `$` is whatever is looked at, which at first is the record. */
function isRecord({ type, value }: Node, looksAtRecord: boolean): boolean {
  return type === 'variable' && (value === '$' || (value === '' && looksAtRecord));
}

/**
 * Names of the record's own properties that an expression reads, as far as they stand in it: names behind a step, inside a
 * filter for example, belong to what the step found. Properties that it only computes, by `$lookup` or `*`, are not known,
 * and an expression that cannot be read, in a version of long ago, reads nothing.
 */
export function propertiesInExpression(text: string): string[] {
  const found = new Set<string>();
  try {
    walk(jsonata(text).ast() as Node, true, found);
  } catch {
    // Whoever saves an expression is told what is wrong with it; this only asks what it needs.
    return [];
  }
  return [...found];
}

function walk(node: unknown, looksAtRecord: boolean, found: Set<string>): void {
  if (Array.isArray(node)) {
    for (const one of node) walk(one, looksAtRecord, found);
  } else if (isNode(node)) {
    if (node.type === 'path' && node.steps) walkPath(node, node.steps, looksAtRecord, found);
    else walkParts(node, looksAtRecord, found);
  }
}

function walkPath(path: Node, steps: readonly Node[], looksAtRecord: boolean, found: Set<string>): void {
  const [first, second] = steps;
  const named = first !== undefined && isRecord(first, looksAtRecord) ? second : looksAtRecord ? first : undefined;
  if (named?.type === 'name' && typeof named.value === 'string') found.add(named.value);
  steps.forEach((step, index) => {
    const isPlain = step.type === 'name' || step.type === 'variable';
    walkParts(step, index === 0 && looksAtRecord && !isPlain, found);
  });
  const { steps: _steps, ...others } = path;
  walkParts(others, false, found);
}

function walkParts(node: Node, looksAtRecord: boolean, found: Set<string>): void {
  for (const [name, part] of Object.entries(node)) {
    // What a filter looks at is what was found before it.
    walk(part, looksAtRecord && name !== 'predicate' && name !== 'stages', found);
  }
}

import type { Account, Attributes } from '../../company/account.js';
import { attributesOf } from '../../company/directory.js';
import { type Operator, supportFor } from './filter-operators.js';
import { type Comparison, type FilterNode, FilterSyntaxError, type Literal, parseFilter } from './filter-syntax.js';
import { PROPERTIES } from './properties.js';
import { badRequest, type GraphRefusal, unsupportedQuery } from './replies.js';

export type Predicate = (account: Account) => boolean;
type Holds = (attributes: Attributes) => boolean;

const SYNTAX = 'Invalid filter clause';

/** Values of an `in`, and parts of an `or`, that a query may have which is not advanced. */
const MOST_CHILD_CLAUSES = 15;

/**
 * A `$filter` as a predicate over accounts.
 * @param isAdvanced the query has `ConsistencyLevel: eventual` and `$count=true`
 * @throws GraphRefusal as the vendor words it
 */
export function compileFilter(text: string, isAdvanced: boolean): Predicate {
  const node = parsed(text);
  if (!isAdvanced) checkClauses(node);
  const holds = compile(node, isAdvanced, false);
  return (account) => holds(attributesOf(account));
}

function parsed(text: string): FilterNode {
  try {
    return parseFilter(text);
  } catch (error) {
    if (error instanceof FilterSyntaxError) throw badRequest(SYNTAX);
    throw error;
  }
}

function clausesOf(node: FilterNode): number {
  if (node.kind === 'comparison') return node.operator === 'in' ? node.values.length : 1;
  return node.kind === 'or' ? node.parts.reduce((sum, part) => sum + clausesOf(part), 0) : 1;
}

function checkClauses(node: FilterNode): void {
  const count = clausesOf(node);
  if (count > MOST_CHILD_CLAUSES) {
    throw unsupportedQuery(
      `Too many child clauses specified in search filter expression containing 'OR' operators: ${count}. Max allowed: ${MOST_CHILD_CLAUSES}.`,
    );
  }
  if (node.kind === 'not') checkClauses(node.part);
  if (node.kind === 'and' || node.kind === 'or') node.parts.forEach(checkClauses);
}

function compile(node: FilterNode, isAdvanced: boolean, negated: boolean): Holds {
  switch (node.kind) {
    case 'and': {
      const parts = node.parts.map((part) => compile(part, isAdvanced, negated));
      return (attributes) => parts.every((holds) => holds(attributes));
    }
    case 'or': {
      const parts = node.parts.map((part) => compile(part, isAdvanced, negated));
      return (attributes) => parts.some((holds) => holds(attributes));
    }
    case 'not': {
      const holds = compile(node.part, isAdvanced, true);
      return (attributes) => !holds(attributes);
    }
    case 'comparison':
      checkTypes(node);
      checkSupport(node, isAdvanced, negated);
      return comparisonOf(node);
  }
}

const EDM_TYPES = {
  text: 'Edm.String',
  boolean: 'Edm.Boolean',
  date: 'Edm.DateTimeOffset',
  number: 'Edm.Int32',
} as const;
const OPERATOR_KINDS: Readonly<Partial<Record<Operator, string>>> = {
  eq: 'Equal',
  ne: 'NotEqual',
  ge: 'GreaterThanOrEqual',
  le: 'LessThanOrEqual',
  gt: 'GreaterThan',
  lt: 'LessThan',
};

/** The parser knows the model, so names and types are judged before what the directory supports. */
function checkTypes({ property, operator, values }: Comparison): void {
  const kind = PROPERTIES.get(property);
  // A path into an object is known by its first part only.
  if (kind === undefined && !PROPERTIES.has(property.split('/')[0] ?? '')) {
    throw badRequest(`${SYNTAX}: Could not find a property named '${property}' on type 'microsoft.graph.user'.`);
  }
  if (kind === undefined || kind === 'list' || kind === 'object') return;
  const wrong = values.find((value) => value.kind !== 'null' && value.kind !== kind);
  if (!wrong || wrong.kind === 'null') return;
  const operatorKind = OPERATOR_KINDS[operator];
  if (operatorKind === undefined) throw badRequest(SYNTAX);
  throw badRequest(
    `${SYNTAX}: A binary operator with incompatible types was detected. Found operand types '${EDM_TYPES[kind]}' and ` +
      `'${EDM_TYPES[wrong.kind]}' for operator kind '${operatorKind}'.`,
  );
}

function checkSupport({ property, operator, values }: Comparison, isAdvanced: boolean, negated: boolean): void {
  const isNull = values.some((value) => value.kind === 'null');
  const support = supportFor(property, operator, isNull, negated);
  if (support === 'D' || (support === 'A' && isAdvanced)) return;
  throw support === 'A' ? advancedOnly(property, operator) : unsupportedFor(property);
}

function unsupportedFor(property: string): GraphRefusal {
  const message = `Unsupported or invalid query filter clause specified for property '${property}' of resource 'User'.`;
  return unsupportedQuery(message);
}

/** Two operators have words of their own for a query that is not advanced. */
function advancedOnly(property: string, operator: Operator): GraphRefusal {
  if (operator === 'ne') return unsupportedQuery("Filter operator 'NotEqualsMatch' is not supported.");
  if (operator !== 'endsWith') return unsupportedFor(property);
  return unsupportedQuery(
    "Operator 'endsWith' is not supported because the required parameters might be missing. Try adding $count=true " +
      'query parameter and ConsistencyLevel:eventual header. Refer to https://aka.ms/graph-docs/advanced-queries for ' +
      'more information',
  );
}

type Plain = string | number | boolean | null;

/** Texts are compared without regard to case, as the directory does. */
function plain(value: unknown, kind: string | undefined): Plain {
  if (typeof value === 'string') return kind === 'date' ? Date.parse(value) : value.toLowerCase();
  return typeof value === 'boolean' || typeof value === 'number' ? value : null;
}

const literalValue = ({ value }: Literal): Plain => (typeof value === 'string' ? value.toLowerCase() : value);

type Test = (actual: Plain, wanted: readonly Plain[]) => boolean;

const onText =
  (test: (actual: string, wanted: string) => boolean): Test =>
  (actual, [wanted]) =>
    typeof actual === 'string' && typeof wanted === 'string' && test(actual, wanted);
const inOrder =
  (test: (actual: Exclude<Plain, null>, wanted: Exclude<Plain, null>) => boolean): Test =>
  (actual, [wanted]) =>
    actual !== null && wanted !== null && wanted !== undefined && test(actual, wanted);

const TESTS: Readonly<Record<Operator, Test>> = {
  eq: (actual, wanted) => wanted.includes(actual),
  in: (actual, wanted) => wanted.includes(actual),
  ne: (actual, wanted) => !wanted.includes(actual),
  ge: inOrder((actual, wanted) => actual >= wanted),
  le: inOrder((actual, wanted) => actual <= wanted),
  gt: inOrder((actual, wanted) => actual > wanted),
  lt: inOrder((actual, wanted) => actual < wanted),
  startsWith: onText((actual, wanted) => actual.startsWith(wanted)),
  endsWith: onText((actual, wanted) => actual.endsWith(wanted)),
  contains: onText((actual, wanted) => actual.includes(wanted)),
};

function comparisonOf({ property, operator, values }: Comparison): Holds {
  const kind = PROPERTIES.get(property);
  const wanted = values.map(literalValue);
  const test = TESTS[operator];
  return (attributes) => test(plain(attributes[property], kind), wanted);
}

/** `D` works by default, `A` needs an advanced query, `-` is not supported. */
export type Support = 'D' | 'A' | '-';
export type Column = 'eq' | 'in' | 'order' | 'startsWith' | 'null';

const COLUMNS: readonly Column[] = ['eq', 'in', 'order', 'startsWith', 'null'];

/**
 * What `$filter` can do with each property: eq, in, ge and le, startsWith, comparison with null. `ne` and `not` always
 * need an advanced query; a property that is not here supports no filter.
 */
const TABLE: Readonly<Record<string, string>> = {
  accountEnabled: 'D D - - -',
  ageGroup: 'D D - - -',
  city: 'D D D D A',
  companyName: 'A A A A A',
  consentProvidedForMinor: 'D D - - -',
  country: 'D D D D A',
  createdDateTime: 'D A D - A',
  creationType: 'D D - - -',
  department: 'D D D D A',
  displayName: 'D D D D A',
  employeeHireDate: 'A A A - -',
  employeeId: 'D D D D A',
  employeeType: 'A A A A -',
  faxNumber: 'A A A A A',
  givenName: 'D D D D A',
  id: 'D D - - -',
  isResourceAccount: 'D - - - -',
  jobTitle: 'D D D D A',
  mail: 'D D D D A',
  mailNickname: 'D D D D A',
  mobilePhone: 'A A A A A',
  officeLocation: 'A A A A A',
  passwordPolicies: '- - - - A',
  postalCode: 'A A A A A',
  preferredLanguage: 'A A A A A',
  state: 'D D D D A',
  streetAddress: 'A A A A A',
  surname: 'D D D D A',
  usageLocation: 'D D D D A',
  userPrincipalName: 'D D D D -',
  userType: 'D D - - A',
};

/** `endsWith` works for these two, in an advanced query. */
const ENDS_WITH: ReadonlySet<string> = new Set(['mail', 'userPrincipalName']);

const SUPPORT: ReadonlyMap<string, Readonly<Record<Column, Support>>> = new Map(
  Object.entries(TABLE).map(([property, row]) => {
    const marks = row.split(' ') as Support[];
    return [property, Object.fromEntries(COLUMNS.map((column, i) => [column, marks[i]])) as Record<Column, Support>];
  }),
);

export type Operator = 'eq' | 'ne' | 'in' | 'ge' | 'le' | 'gt' | 'lt' | 'startsWith' | 'endsWith' | 'contains';

/** Support for one comparison; `negated`: it stands below a `not`. */
export function supportFor(property: string, operator: Operator, isNull: boolean, negated: boolean): Support {
  const row = SUPPORT.get(property);
  if (!row || operator === 'gt' || operator === 'lt' || operator === 'contains') return '-';
  const own = ownSupport(property, row, operator, isNull, negated);
  return own === '-' || !negated ? own : 'A';
}

function ownSupport(
  property: string,
  row: Readonly<Record<Column, Support>>,
  operator: Exclude<Operator, 'gt' | 'lt' | 'contains'>,
  isNull: boolean,
  negated: boolean,
): Support {
  if (isNull && row.null === '-') return '-';
  switch (operator) {
    case 'ne':
      return 'A';
    case 'eq':
      // Below a `not` it is a `ne` by another name, which more properties support.
      return negated ? 'A' : isNull ? row.null : row.eq;
    case 'ge':
    case 'le':
      return row.order;
    case 'endsWith':
      return ENDS_WITH.has(property) ? 'A' : '-';
    default:
      return row[operator];
  }
}

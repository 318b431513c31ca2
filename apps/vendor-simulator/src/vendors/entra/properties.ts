export type PropertyKind = 'text' | 'boolean' | 'date' | 'number' | 'list' | 'object';

/** The properties of `microsoft.graph.user` in v1.0, by the kind of their value. */
const BY_KIND: Readonly<Record<PropertyKind, string>> = {
  text:
    'id aboutMe ageGroup city companyName consentProvidedForMinor country creationType department displayName employeeId ' +
    'employeeType externalUserState faxNumber givenName identityParentId jobTitle legalAgeGroupClassification mail ' +
    'mailNickname mobilePhone mySite officeLocation onPremisesDistinguishedName onPremisesDomainName ' +
    'onPremisesImmutableId onPremisesSamAccountName onPremisesSecurityIdentifier onPremisesUserPrincipalName ' +
    'passwordPolicies postalCode preferredDataLocation preferredLanguage preferredName securityIdentifier state ' +
    'streetAddress surname usageLocation userPrincipalName userType',
  boolean: 'accountEnabled isManagementRestricted isResourceAccount onPremisesSyncEnabled showInAddressList',
  date:
    'birthday createdDateTime deletedDateTime employeeHireDate employeeLeaveDateTime externalUserStateChangeDateTime ' +
    'hireDate lastPasswordChangeDateTime onPremisesLastSyncDateTime signInSessionsValidFromDateTime',
  number: 'deviceEnrollmentLimit',
  list:
    'assignedLicenses assignedPlans businessPhones identities imAddresses interests licenseAssignmentStates ' +
    'onPremisesProvisioningErrors otherMails pastProjects provisionedPlans proxyAddresses responsibilities schools ' +
    'serviceProvisioningErrors skills',
  object:
    'authorizationInfo customSecurityAttributes employeeOrgData mailboxSettings onPremisesExtensionAttributes ' +
    'passwordProfile print signInActivity',
};

export const PROPERTIES: ReadonlyMap<string, PropertyKind> = new Map(
  (Object.keys(BY_KIND) as PropertyKind[]).flatMap((kind) => BY_KIND[kind].split(' ').map((name) => [name, kind])),
);

/** What comes back when nothing is selected. */
export const DEFAULT_SELECT: readonly string[] = (
  'businessPhones displayName givenName id jobTitle mail mobilePhone officeLocation preferredLanguage surname ' +
  'userPrincipalName'
).split(' ');

/** Only single users have them: selecting one in a list is answered 501. */
export const NOT_IN_LISTS: ReadonlySet<string> = new Set(
  (
    'aboutMe birthday hireDate interests mySite pastProjects preferredName responsibilities schools skills ' +
    'mailboxSettings'
  ).split(' '),
);

const NEVER = '0001-01-01T00:00:00Z';
/** The few properties without a value that may not be null. */
const UNSET: Readonly<Record<string, unknown>> = { birthday: NEVER, hireDate: NEVER, deviceEnrollmentLimit: 5 };

/** What a property shows that nobody ever set. */
export function unsetValue(property: string): unknown {
  return PROPERTIES.get(property) === 'list' ? [] : (UNSET[property] ?? null);
}

/** What makes a person or account worth a second look; `GET /company` names them, so that tests can find them. */
export type Oddity =
  | 'administrator'
  | 'shared-email'
  | 'leaver-still-active'
  | 'renamed-surname'
  | 'date-as-text'
  | 'never-logged-in'
  | 'invited-not-accepted'
  | 'unusual-name'
  | 'locked'
  | 'password-expired'
  | 'inactive-at-start';

export interface Person {
  readonly id: string;
  firstName: string;
  lastName: string;
  email: string;
  jobTitle: string;
  department: string;
  /** Milliseconds since 1970. */
  hiredMs: number;
  /** What the company knows, whatever the vendors still say. */
  status: 'employed' | 'left';
  managerId?: string;
  oddity?: Oddity;
}

export function fullNameOf(person: Pick<Person, 'firstName' | 'lastName'>): string {
  return `${person.firstName} ${person.lastName}`.trim();
}

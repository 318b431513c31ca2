import { DAY_MS, EPOCH_DAY_MS } from './clock.js';
import { DEPARTMENTS, EMAIL_DOMAIN, FIRST_NAMES, JOB_TITLES, LAST_NAMES, mailPart } from './names.js';
import type { Person } from './person.js';
import type { Random } from './random.js';

/** Makes ordinary people: seeded names and jobs, an e-mail that nobody else has. */
export class Recruiter {
  private readonly taken = new Set<string>();
  private hired = 0;

  /** @param numbered puts a number into every e-mail: large companies would search long for a free one */
  constructor(
    private readonly random: Random,
    private readonly numbered = false,
  ) {}

  /** Keeps an e-mail from being given to anybody else. */
  reserve(email: string): void {
    this.taken.add(email);
  }

  /** @param hiredMs default: some day in the five years before day 0 */
  next(hiredMs?: number): Omit<Person, 'id'> {
    const { random } = this;
    const firstName = random.pick(FIRST_NAMES);
    const lastName = random.pick(LAST_NAMES);
    const email = this.freeEmail(`${mailPart(firstName)}.${mailPart(lastName)}`);
    const jobTitle = random.pick(JOB_TITLES);
    const department = random.pick(DEPARTMENTS);
    const hired = hiredMs ?? EPOCH_DAY_MS - (30 + random.int(1800)) * DAY_MS;
    return { firstName, lastName, email, jobTitle, department, hiredMs: hired, status: 'employed' };
  }

  /** A title and a department that both differ from the present ones. */
  otherJob(person: Person): Pick<Person, 'jobTitle' | 'department'> {
    return {
      jobTitle: this.random.pick(JOB_TITLES.filter((title) => title !== person.jobTitle)),
      department: this.random.pick(DEPARTMENTS.filter((department) => department !== person.department)),
    };
  }

  private freeEmail(local: string): string {
    this.hired += 1;
    if (this.numbered) return `${local}.${this.hired}@${EMAIL_DOMAIN}`;
    let email = `${local}@${EMAIL_DOMAIN}`;
    for (let n = 2; this.taken.has(email); n += 1) email = `${local}${n}@${EMAIL_DOMAIN}`;
    this.taken.add(email);
    return email;
  }
}

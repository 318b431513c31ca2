import type { AccountShape } from './account.js';
import { Company } from './company.js';
import type { StaffedCompany } from './demo-company.js';
import { Random } from './random.js';
import { Recruiter } from './recruiter.js';

/** `count` plain people, each with an active account under the same e-mail in every vendor; the first one is an administrator. */
export function loadCompany(
  seed: string,
  count: number,
  shapes: Readonly<Record<string, AccountShape>>,
): StaffedCompany {
  const company = new Company(seed, `load:${count}`, shapes);
  const recruiter = new Recruiter(new Random(`${seed}/load`), true);
  const vendors = [...company.directories.keys()];
  for (let i = 0; i < count; i += 1) {
    const person = company.addPerson(recruiter.next());
    for (const vendor of vendors) company.addAccount(vendor, person, { active: true, admin: i === 0 });
  }
  return { company, recruiter };
}

import type { CompanyTruth, DaySummary } from './demo-simulator.js';
import type { VendorAccess } from './vendor-access.js';

/** Numbers that must come out, computed from what is true at the vendors and nothing else. */
export interface Expected {
  readonly people: number;
  readonly activePeople: number;
  readonly saasUsers: number;
  readonly activeSaasUsers: number;
}

interface KnownAccount {
  readonly vendor: string;
  readonly id: string;
  readonly person: string;
  active: boolean;
}

/** What of a vendor decides how its accounts come out. */
type Vendor = Pick<VendorAccess, 'connector' | 'absenceNeedsSecondRead'>;

/**
 * Follows the company through the demo. A person is who has an e-mail at the first sight of an account; once linked, an
 * account keeps its person (D5). A second account of one vendor with the same e-mail waits for a decision: it counts as
 * a SaaS user and belongs to nobody.
 */
export class ExpectedCompany {
  private readonly accounts = new Map<string, KnownAccount>();
  private readonly ownerOfEmail = new Map<string, string>();
  private people = 0;

  /** What one run over each of the vendors, in this order, must leave behind. */
  observe(truth: CompanyTruth, vendors: readonly Vendor[]): Expected {
    for (const vendor of vendors) this.observeVendor(truth, vendor);
    this.refreshEmails(
      truth,
      vendors.map(({ connector }) => connector),
    );
    return this.expected();
  }

  private observeVendor(truth: CompanyTruth, { connector: vendor, absenceNeedsSecondRead }: Vendor): void {
    const present = new Set<string>();
    for (const account of truth.vendors[vendor]!.accounts) {
      const id = `${vendor}:${account.id}`;
      present.add(id);
      const known = this.accounts.get(id);
      if (known) known.active = account.active;
      else this.accounts.set(id, { vendor, id, person: this.personFor(vendor, account.email), active: account.active });
    }
    if (absenceNeedsSecondRead) return;
    for (const [id, account] of this.accounts) {
      if (account.vendor === vendor && !present.has(id)) account.active = false;
    }
  }

  private personFor(vendor: string, email: string): string {
    const key = email.trim().toLowerCase();
    const owner = this.ownerOfEmail.get(key);
    if (owner === undefined) {
      this.people += 1;
      const person = `person-${this.people}`;
      this.ownerOfEmail.set(key, person);
      return person;
    }
    const hasOne = [...this.accounts.values()].some((account) => account.vendor === vendor && account.person === owner);
    return hasOne ? '' : owner;
  }

  /** E-mails move with their accounts, so that a joiner is compared with today's owners. */
  private refreshEmails(truth: CompanyTruth, vendors: readonly string[]): void {
    for (const vendor of [...vendors].reverse()) {
      for (const account of truth.vendors[vendor]!.accounts) {
        const person = this.accounts.get(`${vendor}:${account.id}`)!.person;
        if (person !== '') this.ownerOfEmail.set(account.email.trim().toLowerCase(), person);
      }
    }
  }

  private expected(): Expected {
    const accounts = [...this.accounts.values()];
    const active = accounts.filter((account) => account.active);
    return {
      people: this.people,
      activePeople: new Set(active.map((account) => account.person).filter((person) => person !== '')).size,
      saasUsers: accounts.length,
      activeSaasUsers: active.length,
    };
  }
}

/** One line a group of the day's changes, for people to read. */
export function describeDay(day: DaySummary): [string, string][] {
  const names = (group: DaySummary['leavers']) => group.map((one) => one.name).join(', ');
  return [
    ['left the company', names(day.leavers)],
    ['came back', names(day.returners)],
    ['suspended in JumpCloud, still active elsewhere', names(day.suspended)],
    ['swapped e-mail addresses', names(day.swapped)],
    ['joined', names(day.joiners)],
    ['changed job or department', names(day.movers)],
  ];
}

import {
  type AccountDocument,
  accounts,
  changes,
  integrations,
  notices,
  outgoingMail,
  people,
  type PersonDocument,
} from '@rollcall/collections';
import { accountId, runEndStates, type RunRecord } from '@rollcall/contracts';
import { waitFor } from '@rollcall/testing';
import {
  type Fault,
  type FaultPlan,
  type Mutation,
  type Simulator,
  type SimulatorOptions,
  startSimulator,
  type VendorId as AnyVendor,
} from '@rollcall/vendor-simulator';

import { DemoClient } from '../../apps/cli/src/demo/demo-client.js';
import { type Connected, connectVendor } from '../../apps/cli/src/demo/demo-steps.js';
import { vendorAccessOf } from '../../apps/cli/src/demo/vendor-access.js';
import type { Installation } from './installation.js';
import { Rest } from './rest.js';

/** Two vendors of different kinds are enough for what concerns no vendor in particular. */
export const vendorIds = ['lastpass', 'jumpcloud'] as const;
export type VendorId = (typeof vendorIds)[number];
export type OfBoth<Value> = Readonly<Record<VendorId, Value>>;

const runLimitMs = 120_000;

/** A company with vendors and integrations of its own: what happens to it concerns no other one of the installation. */
export class Company {
  readonly rest: Rest;
  private readonly client: DemoClient;
  private readonly integrations: Partial<Record<AnyVendor, Connected>> = {};

  private constructor(
    readonly installation: Installation,
    readonly title: string,
    private current: Simulator,
    private readonly options: SimulatorOptions,
    readonly users: number,
    private readonly vendors: readonly AnyVendor[],
  ) {
    this.rest = new Rest(installation.gatewayUrl, installation.apiKey);
    this.client = new DemoClient(installation.gatewayUrl, installation.apiKey);
  }

  /** Every user active at all its vendors, each connected with Deactivate on, and read once. */
  static async open(
    installation: Installation,
    title: string,
    users: number,
    vendors: readonly AnyVendor[] = vendorIds,
  ): Promise<Company> {
    const { credentials } = installation.simulator;
    const options: SimulatorOptions = { seed: title, company: `load:${users}`, credentials, vendors };
    const company = new Company(installation, title, await startSimulator(options), options, users, vendors);
    try {
      await company.connect();
    } catch (error) {
      await company.close();
      throw error;
    }
    return company;
  }

  private async connect(): Promise<void> {
    for (const access of vendorAccessOf(this.simulator.urls, this.simulator.credentials)) {
      const named = { ...access, name: `${access.name} ${this.title}` };
      this.integrations[access.connector as AnyVendor] = await connectVendor(this.client, named);
    }
    const runs = await Promise.all(this.vendors.map((vendor) => this.runOf(vendor)));
    for (const run of runs) {
      if (run.state !== 'completed' || run.counts?.created !== this.users) {
        throw new Error(`a first load for "${this.title}" went wrong: ${JSON.stringify(run)}`);
      }
    }
  }

  get simulator(): Simulator {
    return this.current;
  }

  connected(vendor: AnyVendor): Connected {
    return this.integrations[vendor]!;
  }

  async close(): Promise<void> {
    await this.current.stop();
  }

  /** Stops listening: connections are refused until `returnToWork`. */
  async leave(): Promise<void> {
    await this.current.stop();
  }

  /** The same company on the same ports, as it was in the beginning. */
  async returnToWork(): Promise<void> {
    const ports = Object.fromEntries(
      Object.entries(this.current.urls).map(([name, url]) => [name, Number(new URL(url).port)]),
    );
    this.current = await startSimulator({ ...this.options, ports });
  }

  /** The same at all its vendors; without more said for every listing, for ever. */
  break(fault: Fault | ((vendor: VendorId) => Fault), match: FaultPlan['match'] = {}): void {
    const plans = this.vendors.map((vendor) => ({
      vendor,
      match: { operation: 'list' as const, times: 'always' as const, ...match },
      fault: typeof fault === 'function' ? fault(vendor as VendorId) : fault,
    }));
    this.simulator.control.addFaults(plans);
  }

  repair(): void {
    this.simulator.control.clearFaults();
  }

  mutate(mutation: (vendor: VendorId) => Mutation | Mutation[]): void {
    this.simulator.control.mutate(vendorIds.flatMap(mutation));
  }

  /** Vendor id of the nth account in the order of the listing, from zero. */
  idOf(vendor: VendorId, index: number): string {
    const ids = this.simulator.control.company().vendors[vendor]!.accounts.map(({ id }) => id);
    return (vendor === 'jumpcloud' ? ids.sort() : ids)[index]!;
  }

  /** Starts a run of both integrations at once and waits for their ends. */
  async run(): Promise<OfBoth<RunRecord>> {
    const [lastpass, jumpcloud] = await Promise.all([this.runOf('lastpass'), this.runOf('jumpcloud')]);
    return { lastpass, jumpcloud };
  }

  async runOf(vendor: AnyVendor): Promise<RunRecord> {
    return this.ended(await this.start(vendor));
  }

  async start(vendor: AnyVendor): Promise<RunRecord> {
    return this.client.post<RunRecord>(`/integrations/${this.connected(vendor).integration}/runs`);
  }

  async ended({ id }: RunRecord): Promise<RunRecord> {
    const look = async () => {
      const run = await this.client.get<RunRecord>(`/runs/${id}`);
      return runEndStates.includes(run.state) && run;
    };
    return waitFor(`the end of run ${id}`, look, runLimitMs);
  }

  async accounts(vendor: AnyVendor): Promise<AccountDocument[]> {
    const { integration } = this.connected(vendor);
    return this.collection(accounts).find({ integration }).sort({ _id: 1 }).toArray();
  }

  async account(vendor: AnyVendor, vendorId: string): Promise<AccountDocument> {
    const _id = accountId(this.connected(vendor).integration, vendorId);
    const found = await this.collection(accounts).findOne({ _id });
    if (found === null) throw new Error(`no account ${_id}`);
    return found;
  }

  async personOf(vendor: AnyVendor, vendorId: string): Promise<PersonDocument> {
    const { person } = await this.account(vendor, vendorId);
    return (await this.collection(people).findOne({ _id: person! }))!;
  }

  /** Vendor ids of deactivated accounts, sorted: by their records, and by the events that mapping stored (I5). */
  async deactivated(vendor: AnyVendor): Promise<{ records: string[]; events: string[] }> {
    const { integration } = this.connected(vendor);
    const inactive = await this.collection(accounts).find({ integration, active: false }).toArray();
    const filter = { event: 'saas-user.deactivated', 'after.integration': integration };
    const events = await this.collection(changes).find(filter).toArray();
    return {
      records: inactive.map(({ vendorId }) => vendorId).sort(),
      events: events.map(({ record }) => record.slice(integration.length + 1)).sort(),
    };
  }

  async integrationOf(vendor: AnyVendor) {
    return (await this.collection(integrations).findOne({ _id: this.connected(vendor).integration }))!;
  }

  /** What contacts were told, in order, once the newest notice is of this kind and its mail has left. */
  async told(vendor: AnyVendor, lastKind: string): Promise<{ kinds: string[]; mails: string[] }> {
    const { integration } = this.connected(vendor);
    const { name } = await this.integrationOf(vendor);
    return waitFor(`the notice ${lastKind} of ${name}`, async () => {
      const found = await this.collection(notices).find({ integration }).sort({ createdAt: 1 }).toArray();
      if (found.at(-1)?.kind !== lastKind) return null;
      const ids = found.map(({ _id }) => _id);
      const sent = await this.collection(outgoingMail).countDocuments({ _id: { $in: ids }, state: 'sent' });
      const mails = this.installation.mail.received.map(({ subject }) => subject);
      return (
        sent === found.length && {
          kinds: found.map(({ kind }) => kind),
          mails: mails.filter((subject) => subject.includes(`${name}: `)),
        }
      );
    });
  }

  get databases() {
    return this.installation.environment.databases;
  }

  private collection<Doc extends object>(definition: Parameters<typeof this.databases.collection<Doc>>[0]) {
    return this.databases.collection<Doc>(definition);
  }
}

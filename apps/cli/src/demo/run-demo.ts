import type { RunRecord } from '@rollcall/contracts';

import { wrapped } from '../terminal/output.js';
import { DemoClient } from './demo-client.js';
import { DemoResults, type EngineAddresses, type Results } from './demo-results.js';
import { DemoSimulator, type LedgerEntry } from './demo-simulator.js';
import { awaitQuiet, type Connected, connectVendor, createOffboarding, runOnce } from './demo-steps.js';
import { describeDay, type Expected, ExpectedCompany } from './demo-truth.js';
import type { MailSink } from './mail-sink.js';
import { renderTable } from './render-table.js';
import { runTable } from './run-table.js';
import type { VendorAccess } from './vendor-access.js';

export interface DemoContext {
  readonly gatewayUrl: string;
  readonly apiKey: string;
  readonly simulatorControlUrl: string;
  /** In the order in which they are connected. */
  readonly vendors: readonly VendorAccess[];
  readonly engines: EngineAddresses;
  readonly mail: Pick<MailSink, 'received'>;
  readonly undoWindowSeconds: number;
  readonly print: (text: string) => void;
}

export interface DemoOutcome {
  readonly passed: boolean;
  /** Expectations that were not met, in words. */
  readonly unmet: readonly string[];
  readonly numbers: Readonly<Record<string, number>>;
}

/** The story of the demo: first load, a day at the company, a vendor that lies. */
export async function runDemo(context: DemoContext): Promise<DemoOutcome> {
  const results = await DemoResults.open(context.engines);
  try {
    return await new Demo(context, results).tell();
  } finally {
    await results.close();
  }
}

class Demo {
  private readonly client: DemoClient;
  private readonly simulator: DemoSimulator;
  private readonly company = new ExpectedCompany();
  private readonly connectors: readonly string[];
  private readonly unmet: string[] = [];
  private connected: Connected[] = [];
  private workflowRuns = 0;

  constructor(
    private readonly context: DemoContext,
    private readonly results: DemoResults,
  ) {
    this.client = new DemoClient(context.gatewayUrl, context.apiKey);
    this.simulator = new DemoSimulator(context.simulatorControlUrl);
    this.connectors = context.vendors.map((vendor) => vendor.connector);
  }

  async tell(): Promise<DemoOutcome> {
    await this.connect();
    await this.firstLoad();
    await this.offboarding();
    await this.oneDay();
    await this.lyingVendor();
    return this.outcome();
  }

  private async connect(): Promise<void> {
    this.heading(`1. Connect ${this.context.vendors.length} vendors`);
    for (const vendor of this.context.vendors) {
      this.connected.push(await connectVendor(this.client, vendor));
      this.say(`  ${vendor.name}: credential stored and tested, integration launched, Deactivate on, runs daily.`);
    }
  }

  private async firstLoad(): Promise<void> {
    this.heading('2. First load: who has an account where?');
    const runs = await this.runAll();
    const expected = this.company.observe(await this.simulator.company(), this.context.vendors);
    this.printRuns(runs);
    await this.compare('after the first load', expected);
    this.check('no workflow started during the first load', (await this.results.workflows()).runs, 0);
  }

  private async offboarding(): Promise<void> {
    this.heading('3. An offboarding workflow');
    const [target, trigger] = this.connected as [Connected, Connected];
    await createOffboarding(this.client, trigger, target);
    this.say(`  Active: when a user is deactivated in ${trigger.name}, deactivate the same person in ${target.name}.`);
    this.say(
      `  It waits ${this.context.undoWindowSeconds} seconds before it acts, so that a run can be undone (30 minutes outside the demo).`,
    );
  }

  private async oneDay(): Promise<void> {
    const before = await this.results.events();
    const seq = (await this.lastEffect())?.seq ?? 0;
    const day = await this.simulator.advanceDay();
    this.heading(`4. One day later (${day.date})`);
    this.printPairs(describeDay(day));
    const foretold = await this.foretell();
    const runs = await this.runAll();
    this.checkForetold(foretold, runs[1]!);
    // The workflow changes the vendor only after this; what the runs had to find is what is true now.
    const afterRuns = await this.simulator.company();
    await awaitQuiet(this.results, 60_000);
    const expected = this.company.observe(await this.simulator.company(), this.context.vendors);
    this.printRuns(runs);
    await this.compare('after the day', expected);
    await this.checkWorkflow(day.suspended.length, seq, afterRuns.date === day.date);
    const events = await this.results.events();
    this.say(
      `  Events published today: ${events.distinct - before.distinct} (${summary(before.byType, events.byType)}).`,
    );
    this.check('every revision of every record was published once', Number(events.gapless), 1);
  }

  /** Asks what a run would do, which changes nothing. */
  private async foretell(): Promise<RunRecord> {
    const [, second] = this.connected as [Connected, Connected];
    const before = await this.results.records();
    const preview = await runOnce(this.client, second, 'previews');
    const { created, updated, reactivated, staged } = preview.counts!;
    const brake = preview.verdict?.decision === 'pass' ? 'let it pass' : 'stop it';
    this.say(
      `  A preview says that a run of ${second.name} would create ${created}, update ${updated}, reactivate ${reactivated} ` +
        `and deactivate ${staged} users, and that the guard would ${brake}. Nothing is written yet.`,
    );
    const after = await this.results.records();
    for (const name of ['people', 'activePeople', 'saasUsers', 'activeSaasUsers'] as const) {
      this.check(`${name} after the preview`, after[name], before[name]);
    }
    return preview;
  }

  private checkForetold({ counts: foretold }: RunRecord, { counts: done }: RunRecord): void {
    for (const name of ['read', 'created', 'updated', 'reactivated', 'staged'] as const) {
      this.check(`${name} as the preview said`, done![name], foretold![name]);
    }
  }

  private async checkWorkflow(suspended: number, seq: number, sameDay: boolean): Promise<void> {
    const workflows = await this.results.workflows();
    const effects = (await this.simulator.effects(seq)).filter((effect) => effect.vendor === this.connectors[0]);
    this.workflowRuns = workflows.runs;
    this.say(
      `  Workflow runs: ${workflows.runs}. They deactivated ${effects.length} in ${this.connected[0]!.name} and read it back, and ` +
        `found ${workflows.alreadyGone} gone there already.`,
    );
    this.check('deactivated by the workflow, as the vendor recorded it', effects.length, suspended);
    this.check('destructive calls that the workflow confirmed by reading back', workflows.effects, suspended);
    this.check('the company stood still during the runs', Number(sameDay), 1);
  }

  private async lyingVendor(): Promise<void> {
    const [victim] = this.connected as [Connected];
    this.heading(`5. What if ${victim.name} answers "wrong credential" with status 200?`);
    const before = await this.results.records();
    await this.simulator.breakVendor(victim.connector);
    const run = await runOnce(this.client, victim);
    await this.simulator.repair();
    await awaitQuiet(this.results, 60_000);
    const mails = this.context.mail.received;
    this.say(`  Run ${run.state}: ${run.reason?.message ?? ''}`);
    this.check('the run failed', Number(run.state === 'failed'), 1);
    this.check('nobody was deactivated', (await this.results.records()).activeSaasUsers, before.activeSaasUsers);
    this.check('mails to the contact', mails.length, 1);
    for (const mail of mails) this.say(`  Mail to ${mail.to.join(', ')}: ${mail.subject}`);
  }

  private async runAll(): Promise<RunRecord[]> {
    const runs: RunRecord[] = [];
    for (const connected of this.connected) runs.push(await runOnce(this.client, connected));
    return runs;
  }

  private async compare(when: string, expected: Expected): Promise<void> {
    const found = await this.results.records();
    const rows: (string | number)[][] = [];
    const labels: [keyof Results, string][] = [
      ['people', 'people'],
      ['activePeople', '  of them active'],
      ['saasUsers', 'SaaS users'],
      ['activeSaasUsers', '  of them active'],
    ];
    for (const [name, label] of labels) {
      rows.push([label, found[name], expected[name]]);
      this.check(`${label.trim()} (${name}) ${when}`, found[name], expected[name]);
    }
    this.say(renderTable(['', 'found', 'true at the vendors'], rows));
  }

  private printRuns(runs: readonly RunRecord[]): void {
    for (const line of runTable(runs.map((run, index) => ({ name: this.connected[index]!.name, run })))) this.say(line);
  }

  private async outcome(): Promise<DemoOutcome> {
    const records = await this.results.records();
    const events = await this.results.events();
    const numbers = {
      ...records,
      deactivated: events.byType['saas-user.deactivated'] ?? 0,
      reactivated: events.byType['saas-user.reactivated'] ?? 0,
      events: events.distinct,
      workflowRuns: this.workflowRuns,
      mails: this.context.mail.received.length,
    };
    return { passed: this.unmet.length === 0, unmet: this.unmet, numbers };
  }

  private async lastEffect(): Promise<LedgerEntry | undefined> {
    return (await this.simulator.effects(0)).at(-1);
  }

  private check(what: string, found: number, expected: number): void {
    if (found !== expected) this.unmet.push(`${what}: ${found} found, ${expected} expected`);
  }

  private heading(text: string): void {
    this.context.print(`\n${text}`);
  }

  /** In lines that fit, but for tables and addresses to copy, which come as they are. */
  private say(text: string): void {
    const isWhole = text.includes('\n') || text.includes('://');
    const lead = /^ */.exec(text)![0];
    const lines = isWhole ? [text] : wrapped(text.trim(), 80 - lead.length).map((line) => `${lead}${line}`);
    for (const line of lines) this.context.print(line);
  }

  private printPairs(pairs: readonly [string, string][]): void {
    const width = Math.max(...pairs.map(([label]) => label.length));
    for (const [label, value] of pairs) this.say(`  ${label.padEnd(width)}  ${value}`);
  }
}

function summary(before: Readonly<Record<string, number>>, after: Readonly<Record<string, number>>): string {
  return Object.entries(after)
    .map(([type, count]) => [type, count - (before[type] ?? 0)] as const)
    .filter(([, count]) => count > 0)
    .map(([type, count]) => `${count} ${type}`)
    .join(', ');
}

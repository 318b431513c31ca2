import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { formatApiKey, type ServiceName } from '@rollcall/contracts';
import { ServiceProcess, TestEnvironment } from '@rollcall/testing';
import { type Simulator, type SimulatorOptions, startSimulator } from '@rollcall/vendor-simulator';

import { MailSink } from '../../apps/cli/src/demo/mail-sink.js';
import { type VendorAccess, vendorAccessOf } from '../../apps/cli/src/demo/vendor-access.js';

const root = process.cwd();
const wrongClock = join(root, 'test', 'proof', 'wrong-clock.mjs');
/** A busy machine needs more than the half minute of a quiet one. */
const patienceMs = 120_000;
/** The same as in production start-up; see ADR 0003. */
const nodeFlags = ['--max-old-space-size=256', '--initial-old-space-size=128', '--max-semi-space-size=24'];

export interface InstallationOptions {
  readonly services: readonly ServiceName[];
  readonly simulator: SimulatorOptions;
  /** Further variables per service. */
  readonly variables?: Readonly<Partial<Record<ServiceName, Record<string, string>>>>;
  /** Two minutes unless told. */
  readonly readyWithinMs?: number;
  /** Topics and indexes are made before, as production wants it (G2); else by the services themselves. */
  readonly isProvisioned?: boolean;
  /** Services get clocks that `setClock` can make wrong. */
  readonly hasWrongClocks?: boolean;
  /** Of the services, those that are started by `addReplica` only. */
  readonly startedLater?: readonly ServiceName[];
  /** Fills the databases before any service sees them. */
  readonly load?: (environment: TestEnvironment) => Promise<void>;
  /** The vault's key-encryption key, for secrets that are there already; else a new one. */
  readonly kek?: string;
}

/** Services as processes on real engines, with simulated vendors and a mail server, as a customer would have them. */
export class Installation {
  private readonly replicas = new Map<string, ServiceProcess>();

  private constructor(
    readonly environment: TestEnvironment,
    readonly simulator: Simulator,
    readonly mail: MailSink,
    readonly apiKey: string,
    /** The vault's key-encryption key, as its file holds it. */
    readonly kek: string,
    /** One file per service. */
    readonly logs: string,
    private readonly processes: Map<ServiceName, ServiceProcess>,
    private readonly startOne: (service: ServiceName, logName: string) => Promise<ServiceProcess>,
  ) {}

  static async start(options: InstallationOptions): Promise<Installation> {
    const environment = await TestEnvironment.create();
    const simulator = await startSimulator(options.simulator);
    const mail = await MailSink.start(0);
    const apiKey = formatApiKey('test', randomBytes(32).toString('hex'));
    const { kek = randomBytes(32).toString('base64') } = options;
    const own = await variablesOf(mail, apiKey, kek);
    const logs = await mkdtemp(join(tmpdir(), 'rollcall-logs-'));
    const { readyWithinMs = patienceMs } = options;
    const variablesFor = (service: ServiceName) =>
      environment.variables({
        NODE_ENV: 'development',
        LOG_LEVEL: 'info',
        ...own[service],
        ...options.variables?.[service],
      });
    const startOne = (service: ServiceName, logName: string) => {
      const logFile = join(logs, `${logName}.log`);
      const variables = variablesFor(service);
      if (options.hasWrongClocks === true) variables['WRONG_CLOCK_FILE'] = join(logs, `${service}.clock`);
      const flags = options.hasWrongClocks === true ? [...nodeFlags, '--import', wrongClock] : nodeFlags;
      return ServiceProcess.start({ service, root, variables, nodeFlags: flags, logFile, readyWithinMs });
    };
    if (process.env['TEST_SHOW_LOGS']) process.stderr.write(`logs in ${logs}\n`);
    const installation = new Installation(environment, simulator, mail, apiKey, kek, logs, new Map(), startOne);
    try {
      await options.load?.(environment);
      if (options.isProvisioned) for (const one of options.services) await provision(one, variablesFor(one));
      await installation.startAll(options.services.filter((one) => !options.startedLater?.includes(one)));
      return installation;
    } catch (error) {
      // Nobody gets it, so nobody else can stop it: a simulator that listens keeps Jest alive for ever.
      await installation.stop();
      throw error;
    }
  }

  private async startAll(services: readonly ServiceName[]): Promise<void> {
    const outcomes = await Promise.allSettled(
      services.map(async (service) => {
        this.processes.set(service, await this.startOne(service, service));
      }),
    );
    const failure = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failure) throw failure.reason;
  }

  /** One more process of a service. */
  async addReplica(service: ServiceName): Promise<ServiceProcess> {
    const earlier = [...this.replicas.keys()].filter((name) => name.startsWith(`${service}-`));
    const name = `${service}-${earlier.length + 2}`;
    const replica = await this.startOne(service, name);
    this.replicas.set(name, replica);
    return replica;
  }

  /** Every process by a name of its own: first that of each service, then further replicas. */
  get everyProcess(): ReadonlyMap<string, ServiceProcess> {
    return new Map([...this.processes, ...this.replicas]);
  }

  service(name: ServiceName): ServiceProcess {
    return this.processes.get(name)!;
  }

  /** Sets the wall clock of all replicas of a service so much ahead, or back where that is negative. */
  async setClock(name: ServiceName, offsetMs: number): Promise<void> {
    await writeFile(join(this.logs, `${name}.clock`), String(Math.round(offsetMs)));
  }

  get gatewayUrl(): string {
    return this.service('gateway').url;
  }

  get engines() {
    return {
      kafkaBrokers: process.env['KAFKA_BROKERS']!,
      mongodbUri: process.env['MONGODB_URI']!,
      namespace: this.environment.namespace,
    };
  }

  get vendors(): VendorAccess[] {
    return vendorAccessOf(this.simulator.urls, this.simulator.credentials);
  }

  /** Ends everything, whatever one of them says. @throws AggregateError of what went wrong meanwhile */
  async stop(): Promise<void> {
    const ended = await Promise.allSettled([
      ...[...this.processes.values(), ...this.replicas.values()].map((service) => service.stop()),
      this.simulator.stop(),
      this.mail.stop(),
    ]);
    const removed = await Promise.allSettled([this.environment.remove()]);
    const errors = [...ended, ...removed].flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []));
    if (errors.length > 0) throw new AggregateError(errors, errors.map(String).join('; '));
  }
}

/** @throws with what the service said */
async function provision(service: ServiceName, variables: Record<string, string>): Promise<void> {
  const main = join(root, 'apps', service, 'dist', 'main.js');
  const env = { PATH: process.env['PATH'], KAFKAJS_NO_PARTITIONER_WARNING: '1', ...variables };
  await promisify(execFile)(process.execPath, [main, '--provision'], { env });
}

async function variablesOf(
  mail: MailSink,
  apiKey: string,
  kek: string,
): Promise<Partial<Record<ServiceName, Record<string, string>>>> {
  const directory = await mkdtemp(join(tmpdir(), 'rollcall-kek-'));
  const kekFile = join(directory, 'kek');
  await writeFile(kekFile, kek, { mode: 0o600 });
  return {
    gateway: { ROLLCALL_BOOTSTRAP_API_KEY_HASH: createHash('sha256').update(apiKey).digest('hex') },
    'credential-vault': { ROLLCALL_KEK_FILE: kekFile, ALLOW_LOOPBACK: 'true' },
    'sync-runner': { ALLOW_LOOPBACK: 'true', TICK_MS: '200' },
    workflow: { ALLOW_LOOPBACK: 'true', UNDO_WINDOW_MS: '3000' },
    notifier: { SMTP_URL: `smtp://127.0.0.1:${mail.port}`, MAIL_FROM: 'Rollcall <rollcall@example.com>' },
  };
}

import { type Connector, type ConnectorContext, describeVendorError, VendorError } from '@rollcall/connector-kit';
import {
  AppError,
  type ConnectorManifest,
  type CredentialTest,
  type CredentialTestStep,
  credentialTestSteps,
} from '@rollcall/contracts';

type StepName = CredentialTestStep['step'];

/** What is tried. */
export interface CheckedCredential {
  readonly manifest: ConnectorManifest;
  readonly baseUrl: string;
  /** As it is called; null for a draft, which has no name yet. */
  readonly credential: string | null;
  readonly consentUrl: string | null;
}

/** The vendor, opened with the credential. */
export interface Opened {
  readonly connector: Connector;
  readonly context: ConnectorContext;
}

export interface VendorContact {
  /** Connects and shakes hands, and sends nothing. @throws AppError */
  readonly probe: (baseUrl: string) => Promise<void>;
  /** @throws AppError when there is no lease */
  readonly open: () => Promise<Opened>;
}

/** Refusals by a vendor that knows who asks. */
const afterSignIn: ReadonlySet<string> = new Set(['vendor-forbidden', 'vendor-refused']);

/**
 * Tries a credential step by step, so that whoever entered it sees how far it got: reach the host, TLS, sign in, list users,
 * read one of them. Every step needs the one before; after the first that fails the others are not tried.
 */
export class CredentialSteps {
  private readonly steps = new Map<StepName, CredentialTestStep>();
  private failure: { readonly code: string; readonly message: string } | null = null;

  constructor(
    private readonly checked: CheckedCredential,
    private readonly vendor: VendorContact,
  ) {}

  /** @param isWhole false: as far as signing in, which takes one cheap question */
  async take(isWhole: boolean): Promise<CredentialTest> {
    const opened = (await this.reach()) ? await this.signIn() : null;
    if (opened !== null && isWhole) await this.read(opened);
    const steps = credentialTestSteps.map((step) => this.steps.get(step) ?? notTried(step));
    const isForbidden = this.failure?.code === 'vendor-forbidden';
    return {
      ok: this.failure === null,
      code: this.failure?.code ?? null,
      message: this.failure?.message ?? this.accepted(),
      steps,
      consentUrl: isForbidden ? this.checked.consentUrl : null,
    };
  }

  private accepted(): string {
    const { manifest, credential } = this.checked;
    return `${manifest.name} accepted the credential${credential === null ? '' : ` "${credential}"`}.`;
  }

  /** Before anything secret is asked for. */
  private async reach(): Promise<boolean> {
    const { baseUrl } = this.checked;
    const { host, protocol } = new URL(baseUrl);
    try {
      await this.vendor.probe(baseUrl);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      const isTls = error.code === 'tls-failed';
      if (isTls) this.pass('reach', `${host} can be reached.`);
      this.fail(isTls ? 'tls' : 'reach', 'vendor-unreachable', error.message);
      return false;
    }
    this.pass('reach', `${host} can be reached.`);
    const isPlain = protocol === 'http:';
    this.pass('tls', isPlain ? 'Without TLS, as development allows it.' : `The certificate of ${host} is good.`);
    return true;
  }

  private async signIn(): Promise<Opened | null> {
    let opened: Opened;
    try {
      opened = await this.vendor.open();
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      this.fail('sign-in', error.code, error.message);
      return null;
    }
    const { connector, context } = opened;
    const isRead = await this.attempt(
      context,
      (code) => (afterSignIn.has(code) ? 'list' : 'sign-in'),
      () => connector.check(context),
    );
    if (isRead === null) return null;
    this.pass('sign-in', this.accepted());
    return opened;
  }

  private async read({ connector, context }: Opened): Promise<void> {
    const page = await this.attempt(
      context,
      () => 'list',
      async () => {
        for await (const first of connector.listUsers(context)) return first;
        return null;
      },
    );
    if (page === null) return;
    const users = page.result?.users ?? [];
    this.pass('list', users.length === 0 ? 'The listing is empty.' : `The first page has ${users.length} users.`);
    const [user] = users;
    if (user === undefined || !connector.manifest.capabilities.confirmById) return;
    const { id: vendorId, username } = user;
    const isRead = await this.attempt(
      context,
      () => 'permissions',
      () => connector.getUser(context, { vendorId, username }),
    );
    if (isRead !== null) this.pass('permissions', 'A single user can be read, which shows for certain who is gone.');
  }

  /** Null when it failed; the failure is noted where `stepOf` says. */
  private async attempt<Result>(
    { signal }: ConnectorContext,
    stepOf: (code: string) => StepName,
    work: () => Promise<Result>,
  ): Promise<{ readonly result: Result } | null> {
    try {
      return { result: await work() };
    } catch (error) {
      if (signal?.aborted !== true && !(error instanceof VendorError)) throw error;
      const { code, message } = this.reasonOf(error, signal?.aborted === true);
      const step = stepOf(code);
      if (step !== 'sign-in' && !this.steps.has('sign-in')) this.pass('sign-in', this.accepted());
      this.fail(step, code, this.withPermission(step, code, message));
      return null;
    }
  }

  private reasonOf(error: unknown, isTimeout: boolean): { readonly code: string; readonly message: string } {
    if (!isTimeout && error instanceof VendorError) return { code: error.code, message: describeVendorError(error) };
    const message = `${this.checked.manifest.name} did not answer in time. Look at the status page of the vendor, then try again.`;
    return { code: 'vendor-timeout', message };
  }

  /** Names the right that the vendor's words seldom name. */
  private withPermission(step: StepName, code: string, message: string): string {
    const { permissions = {} } = this.checked.manifest;
    const permission = step === 'permissions' ? (permissions.get ?? permissions.list) : permissions.list;
    if (code !== 'vendor-forbidden' || permission === undefined) return message;
    return `${message} The right that it needs: ${permission}.`;
  }

  private pass(step: StepName, message: string): void {
    this.steps.set(step, { step, state: 'passed', message });
  }

  private fail(step: StepName, code: string, message: string): void {
    this.steps.set(step, { step, state: 'failed', message });
    this.failure = { code, message };
  }
}

function notTried(step: StepName): CredentialTestStep {
  return { step, state: 'not-tried', message: 'Not tried.' };
}

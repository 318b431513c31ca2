import { describe, expect, it } from '@jest/globals';
import { type Connector, type ConnectorContext, type UserPage, VendorError } from '@rollcall/connector-kit';
import { AppError, type ConnectorManifest } from '@rollcall/contracts';

import { CredentialSteps, type VendorContact } from './credential-steps.js';

const manifest = {
  name: 'Example Vendor',
  capabilities: { confirmById: true },
  permissions: { list: 'List users', get: 'Read users' },
} as unknown as ConnectorManifest;
const consentUrl = 'https://login.example.com/consent';
const checked = { manifest, baseUrl: 'https://api.example.com/v1', credential: 'Directory', consentUrl };

const page = (...ids: string[]) => ({ users: ids.map((id) => ({ id, username: null })) }) as unknown as UserPage;
const forbidden = new VendorError(
  'vendor-forbidden',
  'Example Vendor knows the credential but does not allow this call.',
);
const refusing = (error: unknown) => () => Promise.reject(error as Error);

interface Script {
  readonly probe?: VendorContact['probe'];
  readonly open?: () => Promise<never>;
  readonly check?: () => Promise<void>;
  readonly pages?: readonly UserPage[] | VendorError;
  readonly getUser?: () => Promise<never>;
  readonly signal?: AbortSignal;
  readonly manifest?: ConnectorManifest;
}

/** Takes the steps with a vendor that plays a script; whatever is not in it goes well. */
async function take(script: Script = {}, isWhole = true) {
  const asked: string[] = [];
  const connector = {
    manifest: script.manifest ?? manifest,
    check: () => (asked.push('check'), script.check?.() ?? Promise.resolve()),
    getUser: (_: unknown, { vendorId }: { vendorId: string }) => {
      asked.push(`get ${vendorId}`);
      return script.getUser?.() ?? Promise.resolve({ kind: 'found' });
    },
    async *listUsers() {
      asked.push('list');
      if (script.pages instanceof VendorError) throw script.pages;
      yield* script.pages ?? [page('one', 'two')];
    },
  } as unknown as Connector;
  const context = { signal: script.signal } as unknown as ConnectorContext;
  const result = await new CredentialSteps(
    { ...checked, manifest: connector.manifest },
    { probe: script.probe ?? (() => Promise.resolve()), open: script.open ?? (async () => ({ connector, context })) },
  ).take(isWhole);
  const steps = Object.fromEntries(result.steps.map(({ step, state }) => [step, state]));
  return { ...result, asked, states: steps, messages: result.steps.map(({ message }) => message) };
}

const all = { reach: 'passed', tls: 'passed', 'sign-in': 'passed', list: 'passed', permissions: 'passed' };

describe('a test of a credential', () => {
  it('tells each step that went well, and reads one page and one user of it', async () => {
    const result = await take();
    expect(result).toMatchObject({ ok: true, code: null, states: all, consentUrl: null });
    expect(result.message).toBe('Example Vendor accepted the credential "Directory".');
    expect(result.asked).toEqual(['check', 'list', 'get one']);
  });

  it('asks for nothing secret while the host cannot be reached', async () => {
    const away = refusing(new AppError('unreachable', 'api.example.com cannot be reached.'));
    const result = await take({ probe: away, open: refusing(new Error('asked for a lease')) });
    expect(result).toMatchObject({
      ok: false,
      code: 'vendor-unreachable',
      message: 'api.example.com cannot be reached.',
      states: { reach: 'failed', tls: 'not-tried', 'sign-in': 'not-tried', list: 'not-tried' },
    });
  });

  it('tells a bad certificate from a host that is away', async () => {
    const result = await take({ probe: refusing(new AppError('tls-failed', 'its certificate does not hold')) });
    expect(result.states).toMatchObject({ reach: 'passed', tls: 'failed', 'sign-in': 'not-tried' });
  });

  it.each([
    ['the vault gives no token', { open: refusing(new AppError('token-refused', 'wrong secret')) }, 'token-refused'],
    [
      'the vendor refuses it',
      { check: refusing(new VendorError('vendor-auth-rejected', 'no')) },
      'vendor-auth-rejected',
    ],
    ['the vendor is down', { check: refusing(new VendorError('vendor-unavailable', 'no')) }, 'vendor-unavailable'],
  ])('fails at signing in when %s', async (_, script, code) => {
    const result = await take(script);
    expect(result).toMatchObject({
      ok: false,
      code,
      states: { tls: 'passed', 'sign-in': 'failed', list: 'not-tried' },
    });
  });

  it('names the right that listing lacks, and where an administrator grants it', async () => {
    const result = await take({ check: refusing(forbidden) });
    expect(result.states).toMatchObject({ 'sign-in': 'passed', list: 'failed', permissions: 'not-tried' });
    expect(result).toMatchObject({ code: 'vendor-forbidden', consentUrl });
    expect(result.message).toContain('The right that it needs: List users.');
  });

  it('names the right that reading a single user lacks', async () => {
    const result = await take({ getUser: refusing(forbidden) });
    expect(result.states).toMatchObject({ list: 'passed', permissions: 'failed' });
    expect(result.message).toContain('The right that it needs: Read users.');
  });

  it('counts inputs that the vendor refuses as a matter of listing', async () => {
    const result = await take({ check: refusing(new VendorError('vendor-refused', 'bad filter')) });
    expect(result.states).toMatchObject({ 'sign-in': 'passed', list: 'failed' });
  });

  it('fails where the listing fails though a single question went well', async () => {
    const result = await take({ pages: new VendorError('vendor-answer-unexpected', 'no list') });
    expect(result).toMatchObject({ ok: false, states: { 'sign-in': 'passed', list: 'failed' } });
  });

  it('says that a listing is empty, and leaves open what it could not try', async () => {
    const result = await take({ pages: [page()] });
    expect(result).toMatchObject({ ok: true, states: { list: 'passed', permissions: 'not-tried' } });
    expect(result.messages).toContain('The listing is empty.');
  });

  it('leaves out single users where the vendor answers for none', async () => {
    const without = { ...manifest, capabilities: { confirmById: false } } as unknown as ConnectorManifest;
    const result = await take({ manifest: without });
    expect(result).toMatchObject({ ok: true, states: { list: 'passed', permissions: 'not-tried' } });
    expect(result.asked).toEqual(['check', 'list']);
  });

  it('says so when the vendor takes too long', async () => {
    const signal = AbortSignal.abort();
    const result = await take({ signal, check: refusing(new VendorError('vendor-call-aborted', 'ended')) });
    expect(result).toMatchObject({ ok: false, code: 'vendor-timeout' });
    expect(result.message).toContain('did not answer in time');
  });

  it('only signs in where somebody waits who asked for something else', async () => {
    const result = await take({}, false);
    expect(result).toMatchObject({ ok: true, states: { 'sign-in': 'passed', list: 'not-tried' } });
    expect(result.asked).toEqual(['check']);
  });

  it('passes defects on', async () => {
    await expect(take({ check: refusing(new TypeError('defect')) })).rejects.toThrow('defect');
  });
});

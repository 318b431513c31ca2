import { describe, expect, it } from '@jest/globals';
import { type RenderedCall, renderPreset } from '@rollcall/connector-kit';
import type { CallOutcome, Preset } from '@rollcall/contracts';

import { type CallResult, callVendor } from '../../apps/workflow/src/vendors/vendor-calls.js';
import { Bench, origin } from './bench.js';
import { disturbed } from './faults.js';
import { type PageRow, pageRows } from './listing-rows.js';
import { matrixVendors } from './vendors.js';

const acting = matrixVendors.flatMap((matrix) =>
  matrix.connector.manifest.presets
    .filter(({ effect }) => effect !== 'read')
    .map((preset) => ({ vendor: matrix.id, name: preset.name, matrix, preset })),
);

/** The call for an ordinary user of the company; whoever is created is new. */
function callOf(bench: Bench, preset: Preset): RenderedCall {
  const account = bench.someone();
  const username = bench.matrix.usernameIn(account.record);
  const inputs: Record<string, string> =
    preset.effect === 'create'
      ? { username: 'new.user', email: 'new.user@example.com', firstName: 'New', lastName: 'User' }
      : { username, userId: account.id };
  const known = preset.inputs.filter(({ name }) => Object.hasOwn(inputs, name));
  return renderPreset(preset, Object.fromEntries(known.map(({ name }) => [name, inputs[name]!])), {});
}

function act(bench: Bench, preset: Preset): Promise<CallResult> {
  const { context, matrix } = bench;
  const session = { connector: matrix.connector, context, act: context.http, secretVersion: 1, ownUsers: new Set([]) };
  return callVendor(session as never, preset, callOf(bench, preset));
}

/** Where the documentation promises a status and nothing else, that status alone is the vendor's word. */
function provesByStatus({ rules }: Preset, status: number): boolean {
  return rules.some(
    (rule) =>
      rule.outcome === 'done' &&
      rule.status?.includes(status) === true &&
      rule.field === undefined &&
      rule.present === undefined &&
      rule.text === undefined,
  );
}

const refusals: readonly string[] = ['vendor-rate-limited', 'vendor-forbidden', 'vendor-auth-rejected'];

/** Status of the first answer: a fault of the body leaves it as it was, whatever the vendor answers when it acts. */
function statusOf({ egress }: Bench): number {
  const outcome = egress.sent[0]?.exchange?.outcome;
  return outcome === undefined || outcome.kind === 'hang' ? 0 : (outcome.reply?.status ?? 0);
}

/** What may be said of the effect after a row. Only a refusal in the vendor's words says that nothing was done. */
function allowed(preset: Preset, page: PageRow, status: number): readonly CallOutcome[] {
  const { row, what, fault, expected, times } = page;
  if ('way' in fault) return fault.way === 'tls-failed' ? ['refused'] : ['unknown'];
  if (row === 'V1' || row === 'V2') return ['refused'];
  if (expected.outcome === 'complete') return times === 1 ? ['unknown'] : ['done'];
  if (expected.codes.every((code) => refusals.includes(code))) return ['refused'];
  if (what === 'a login page') return ['unknown'];
  return provesByStatus(preset, status) ? ['unknown', 'done'] : ['unknown', 'refused'];
}

describe.each(acting)('$vendor: $name', ({ matrix, preset }) => {
  it.each(pageRows)('$row: $what', async (row) => {
    const bench = disturbed(matrix, 'action', row, { pages: 1, ownCompany: true });
    const { outcome, message } = await act(bench, preset);
    expect(allowed(preset, row, statusOf(bench))).toContain(outcome);
    // Whatever happened, nobody is acted on twice (P15, I6).
    expect(bench.egress.sent).toHaveLength(1);
    expect(bench.egress.sent.flatMap(({ exchange }) => exchange?.effects ?? []).length).toBeLessThanOrEqual(1);
    expect(new URL(bench.egress.sent[0]!.request.url).origin).toBe(origin);
    for (const secret of bench.secrets) expect(message ?? '').not.toContain(secret);
  });

  it('is done once by a healthy vendor', async () => {
    const bench = new Bench(matrix, { pages: 1, ownCompany: true });
    expect((await act(bench, preset)).outcome).toBe('done');
    expect(bench.egress.sent).toHaveLength(1);
  });

  it('P15: is unknown when the reply is lost after the effect', async () => {
    const bench = new Bench(matrix, { pages: 1, ownCompany: true });
    bench.plan({ kind: 'reply-lost' }, { operation: 'action' });
    expect((await act(bench, preset)).outcome).toBe('unknown');
    expect(bench.egress.sent).toHaveLength(1);
  });

  it('V18: goes again once with a newer secret after a 401, because then nothing was done', async () => {
    const bench = new Bench(matrix, { pages: 1, ownCompany: true, renew: (_refused, owner) => owner.materialOf(2) });
    bench.plan({ kind: 'auth-error' }, { operation: 'action' });
    expect((await act(bench, preset)).outcome).toBe('done');
    expect(bench.egress.sent).toHaveLength(2);
  });

  it('V19: is refused when the newer secret is refused too', async () => {
    const bench = new Bench(matrix, { pages: 1, ownCompany: true, renew: (_refused, owner) => owner.materialOf(2) });
    bench.plan({ kind: 'auth-error' }, { operation: 'action', times: 'always' });
    expect((await act(bench, preset)).outcome).toBe('refused');
    expect(bench.egress.sent).toHaveLength(2);
  });
});

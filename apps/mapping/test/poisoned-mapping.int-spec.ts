import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { mappings } from '@rollcall/collections';
import { evaluateMapping, type MappingDefinition, type RunReport, updateMapping } from '@rollcall/contracts';
import type { CommandSender } from '@rollcall/messaging';
import { buildUser, type RawRecordsDriver, type RunningService } from '@rollcall/testing';

import { MappingFixture } from './mapping-fixture.js';

jest.setTimeout(120_000);

const lists = Array.from({ length: 7 }, () => `$t := [${Array(10).fill('[$t]').join(',')}]`).join('; ');
/** Each took mapping down, or kept it busy for longer than anybody waits. */
const poisons: [string, string][] = [
  ['a function that refers to itself', '$sum([function(){1}])'],
  ['functions in a merge', '$merge([function(){1}])'],
  ['functions in a text', '$join([function(){"x"}])'],
  ['lists by reference', `($t := [1,2,3,4,5,6,7,8,9,10]; ${lists}; $string($t))`],
  ['a picture that is made up', '($p := "[MN][FN][PN]"; $toMillis(long, $p & $p & $p))'],
  ['steps that are long', '($f := function($n) { $count($distinct(many)) + $f($n + 1) }; $f(1))'],
  ['a text that doubles', '($d := function($s) { $d($s & $s) }; $d(long))'],
  ['a wrong number of zeros', '$formatNumber(level, "#", { "zero-digit": "" })'],
  ['a message of its own', '$error(email & " " & secret)'],
];
const refusedToday = '$toMillis(long, "[MN][FN][PN][MN][FN][PN][MN][FN][PN][MN]")';
const many = Array.from({ length: 3_000 }, (_, index) => index);
const users = (...ids: string[]) =>
  ids.map((id) =>
    buildUser(id, {
      raw: { email: `${id}@example.com`, level: 3, long: `${'a'.repeat(60)}!`, many, secret: `secret-of-${id}` },
    }),
  );
const mapping = (expressions: string[], overrides: Partial<MappingDefinition> = {}): MappingDefinition => ({
  entries: [
    { to: 'username', from: { kind: 'field', path: 'email' } },
    { to: 'email', from: { kind: 'field', path: 'email' } },
    { to: 'role', from: { kind: 'constant', value: 'Employee' } },
    ...['job_title', 'department', 'display_name'].slice(0, expressions.length).map((to, index) => ({
      to,
      from: { kind: 'expression' as const, expression: expressions[index]! },
    })),
  ],
  syncKeys: ['email'],
  ...overrides,
});

describe('a mapping with expressions that were made to harm', () => {
  let fixture: MappingFixture;
  let service: RunningService;
  let gateway: CommandSender;
  let keys = 0;

  beforeAll(async () => {
    fixture = await MappingFixture.create();
    service = await fixture.startMapping();
    gateway = await fixture.sender('gateway');
  });

  afterAll(async () => {
    await fixture.remove();
  });

  async function command(definition: Parameters<CommandSender['send']>[0], aggregate: string, input: object) {
    const idempotencyKey = `key-${(keys += 1)}`;
    const ask = { aggregate, actor: 'ada', correlationId: 'test', idempotencyKey, input };
    return (await gateway.send(definition, ask)).outcome;
  }
  const save = (integration: string, definition: MappingDefinition) =>
    command(updateMapping, integration, { integration, ifVersion: null, newFields: [], definition });
  const evaluation = (integration: string, definition: MappingDefinition) =>
    command(evaluateMapping, integration, { integration, definition, newFields: [] });
  const read = async (driver: RawRecordsDriver, run: string, ids: string[], mappingVersion: number) => {
    await driver.read(run, users(...ids), { mappingVersion });
    return (await driver.report(run, 'mapped')) as RunReport;
  };
  const accountOf = async (id: string) => (await fixture.accounts()).find(({ _id }) => _id === id);

  it.each(poisons)(
    'makes everything else with %s, names what it cannot make, and holds nobody up',
    async (name, text) => {
      const id = `harm-${name.replaceAll(' ', '-')}`;
      const [driver, neighbour] = [
        await fixture.integration(id, { partition: 1 }),
        await fixture.integration(`${id}-beside`, { partition: 1 }),
      ];
      expect(await save(id, mapping([text, '$uppercase(email)']))).toMatchObject({ status: 'done' });
      const report = await read(driver, `${id}-1`, [`${id}-a`, `${id}-b`], 2);
      expect(report).toMatchObject({
        result: 'complete',
        counts: { read: 2, created: 2, rejected: 0 },
        problems: [{ code: 'mapping-failed', count: 2 }],
      });
      expect(JSON.stringify(report)).not.toMatch(/secret-of|aaaa/);
      expect((await accountOf(`${id}:${id}-a`))!.values).toMatchObject({
        job_title: null,
        department: `${id}-A@EXAMPLE.COM`.toUpperCase(),
      });
      expect(await read(neighbour, `${id}-2`, [`${id}-c`], 1)).toMatchObject({ result: 'complete' });
      expect(await fixture.readiness(service)).toMatchObject({ status: 200 });
    },
  );

  it('that was saved under other rules, or is gone, rejects or leaves out and does not stop the partition', async () => {
    const driver = await fixture.integration('old-rules', { partition: 2 });
    const neighbour = await fixture.integration('old-rules-beside', { partition: 2 });
    const versions = [
      mapping([refusedToday, 'email']),
      mapping([], { rules: { onlyIf: { name: 'rule', expression: refusedToday }, restoreArchived: true } }),
    ].map((definition, index) => ({ version: index + 2, definition }));
    await fixture.environment.databases.collection(mappings).insertMany(
      versions.map(({ version, definition }) => ({
        ...{ _id: `old-rules/${version}`, integration: 'old-rules', version, definition },
        createdAt: new Date(),
      })),
    );
    expect(await save('old-rules', versions[0]!.definition)).toMatchObject({
      error: { code: 'mapping-invalid', message: expect.stringMatching(/\$toMillis takes no such picture/) },
    });
    expect(await read(driver, 'old-rules-1', ['old-a'], 2)).toMatchObject({
      result: 'complete',
      counts: { created: 1 },
      problems: [{ code: 'mapping-failed', message: expect.stringMatching(/job_title.*picture/) }],
    });
    expect(await read(driver, 'old-rules-2', ['old-a'], 3)).toMatchObject({
      result: 'complete',
      counts: { rejected: 1 },
      problems: [{ code: 'rule-failed' }],
    });
    expect(await read(driver, 'old-rules-3', ['old-a'], 99)).toMatchObject({
      result: 'complete',
      counts: { rejected: 1 },
      staged: 0,
      problems: [{ code: 'mapping-missing' }],
    });
    expect(await read(neighbour, 'old-rules-4', ['old-b'], 1)).toMatchObject({ result: 'complete' });
    expect(await fixture.readiness(service)).toMatchObject({ status: 200 });
    expect(await accountOf('old-rules:old-a')).toMatchObject({ active: true });
  });

  it('can be tried without a wait for the commands behind it, and shows nothing of a record', async () => {
    const driver = await fixture.integration('tried', { partition: 3 });
    await read(driver, 'tried-1', ['tried-a', 'tried-b'], 1);
    const started = performance.now();
    const tried = poisons.map(([, text]) => evaluation('tried', mapping([text, '$uppercase(email)'])));
    // Of the same integration, so in the same partition, behind all of them.
    const behind = await save('tried', mapping(['title']));
    const answers = await Promise.all(tried);
    expect(performance.now() - started).toBeLessThan(60_000);
    expect(behind).toMatchObject({ status: 'done' });
    for (const answer of answers) {
      expect(answer).toMatchObject({
        status: 'done',
        result: {
          records: [
            { outcome: 'written', values: { department: 'XXXXX-X@XXXXXXX.XXX' }, failures: [{ to: 'job_title' }] },
            { failures: [{ to: 'job_title' }] },
          ],
          errors: [{ to: 'job_title', count: 2 }],
        },
      });
      expect(JSON.stringify(answer)).not.toMatch(/secret|tried-a/i);
    }
    expect(await fixture.readiness(service)).toMatchObject({ status: 200 });
  });
});

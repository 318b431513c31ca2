import { afterEach, describe, expect, it } from '@jest/globals';

import { HealthRegistry } from './health.js';
import { createMetrics } from './metrics.js';
import { forgetSecretValues, registerSecretValue } from './redactor.js';

afterEach(forgetSecretValues);

describe('HealthRegistry', () => {
  it('is ready while every check is', async () => {
    const health = new HealthRegistry();
    expect(await health.report()).toEqual({ ok: true, ready: true, checks: {} });
    health.add('mongodb', () => ({ ok: true, detail: 'primary found' }));
    health.add('kafka', async () => ({ ok: false, detail: 'no broker since 10 s' }));
    expect(await health.report()).toEqual({
      ok: false,
      ready: false,
      checks: { mongodb: { ok: true, detail: 'primary found' }, kafka: { ok: false, detail: 'no broker since 10 s' } },
    });
    health.remove('kafka');
    expect((await health.report()).ok).toBe(true);
  });

  it('stays ready where only an advisory check fails, and says so all the same', async () => {
    const health = new HealthRegistry();
    health.add('clock', () => ({ ok: false, detail: 'the clock is 3 s ahead' }), { isAdvisory: true });
    expect(await health.report()).toEqual({
      ok: false,
      ready: true,
      checks: { clock: { ok: false, detail: 'the clock is 3 s ahead' } },
    });
    health.add('mongodb', () => ({ ok: false, detail: 'away' }));
    expect((await health.report()).ready).toBe(false);
  });

  it('reports a check that throws or never answers as failed, without its secrets', async () => {
    registerSecretValue('example-database-password');
    const health = new HealthRegistry(20);
    health.add('throws', () => {
      throw new Error('login with example-database-password failed');
    });
    health.add('hangs', () => new Promise(() => undefined));
    expect((await health.report()).checks).toEqual({
      throws: { ok: false, detail: 'login with [secret] failed' },
      hangs: { ok: false, detail: 'no answer within 20 ms' },
    });
  });

  it('refuses a second check of one name', () => {
    const health = new HealthRegistry();
    health.add('kafka', () => ({ ok: true, detail: '' }));
    expect(() => health.add('kafka', () => ({ ok: true, detail: '' }))).toThrow('added twice');
  });
});

describe('createMetrics', () => {
  it('renders own and process metrics with the service as label', async () => {
    const metrics = createMetrics('mapping');
    metrics
      .counter({ name: 'slices_total', help: 'Slices applied.', labels: ['outcome'] })
      .inc({ outcome: 'applied' }, 3);
    metrics.gauge({ name: 'lag', help: 'Messages behind.' }).set(7);
    metrics.histogram({ name: 'slice_seconds', help: 'Time per slice.', buckets: [0.1, 1] }).observe(0.5);
    const text = await metrics.render();
    expect(text).toContain('rollcall_slices_total{outcome="applied",service="mapping"} 3');
    expect(text).toContain('rollcall_lag{service="mapping"} 7');
    expect(text).toContain('rollcall_slice_seconds_bucket{le="1",service="mapping"} 1');
    expect(text).toContain('process_cpu_seconds_total');
    expect(metrics.contentType).toContain('text/plain');
  });

  it('gives the same metric for the same name, and keeps services apart', async () => {
    const [one, other] = [createMetrics('one'), createMetrics('other')];
    one.counter({ name: 'x_total', help: 'x' }).inc();
    one.counter({ name: 'x_total', help: 'x' }).inc();
    expect(await one.render()).toContain('rollcall_x_total{service="one"} 2');
    expect(await other.render()).not.toContain('rollcall_x_total');
  });
});

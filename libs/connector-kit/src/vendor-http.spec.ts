import { describe, expect, it } from '@jest/globals';
import { accessTokenField, advancedSchemes, AppError, type EgressFailure } from '@rollcall/contracts';

import { bench, lease, list, secret } from '../test/http-bench.js';
import { egressFailure, type VendorScript } from './conformance/scripted-egress.js';
import { type VendorRequest } from './connector.js';
import { VendorError } from './vendor-error.js';

const act: VendorRequest = { operation: 'action', method: 'DELETE', path: '/users/7' };

async function failure(work: Promise<unknown>): Promise<VendorError> {
  const error: unknown = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(VendorError);
  const shown = JSON.stringify([(error as Error).message, (error as Error).stack, (error as VendorError).details]);
  expect(shown).not.toContain(secret);
  return error as VendorError;
}

const throwing =
  (code: EgressFailure): VendorScript =>
  () => {
    throw egressFailure(code);
  };

describe('authorization', () => {
  it('sends Basic with any password, one space included (R6)', async () => {
    const { http, egress } = bench(() => ({ text: '{}' }), {
      lease: () => lease({ fields: { username: 'example-key', password: ' ' } }),
    });
    await http.request(list);
    expect(egress.requests[0]?.headers['authorization']).toBe(
      `Basic ${Buffer.from('example-key: ').toString('base64')}`,
    );
    expect(egress.requests[0]?.url).toBe('https://vendor.example/api/users?skip=0');
  });

  it('puts a key into the query, and never shows that address in an error', async () => {
    const leaking = new AppError('unreachable', `GET https://vendor.example/?token=${secret} failed`);
    const { http, egress } = bench(
      () => {
        throw leaking;
      },
      { lease: () => lease({ type: 'api-key', fields: { key: secret } }) },
    );
    const error = await failure(http.request({ ...act }));
    expect(error.code).toBe('vendor-unreachable');
    expect(egress.requests[0]?.url).toContain(`token=${secret}`);
  });

  it('does not let a connector replace the authorization', async () => {
    const { http, egress } = bench(() => ({ text: '{}' }));
    await http.request({ ...list, headers: { Authorization: 'Basic other', 'X-Org-Id': '5' } });
    expect(egress.requests[0]?.headers['authorization']).toMatch(/^Basic ZXhhbXBsZS1rZXk6/);
    expect(egress.requests[0]?.headers['x-org-id']).toBe('5');
  });

  it('refuses a credential without its fields before anything is sent', async () => {
    const { http, egress } = bench(() => ({}), { lease: () => lease({ fields: { username: 'x' } }) });
    expect((await failure(http.request(list))).code).toBe('vendor-auth-rejected');
    expect(egress.requests).toHaveLength(0);
  });

  it('cuts its own secrets out of what a vendor echoes', async () => {
    const { http } = bench(() => ({ status: 400, text: `{"message":"bad key ${secret}"}` }));
    expect((await http.request(list)).text).toBe('{"message":"bad key [secret]"}');
  });

  it.each(advancedSchemes)(
    'cuts every secret of Advanced Mode out of an error, however it is encoded: $type',
    async (scheme) => {
      const { type, inputs, token } = scheme;
      const values = Object.fromEntries(
        inputs.map(({ name, options }) => [name, options?.[0] ?? `example+${name}/"value&=`]),
      );
      // A name that says nothing of a secret, and a value that is one.
      const fields = { ...values, tokenName: 'x-example', headers: 'X-Pin: 99887766+odd\nCookie: id=example-cookie' };
      const secrets = inputs.flatMap(({ name, secret: isSecret }) =>
        isSecret && name !== 'headers' ? values[name]! : [],
      );
      const sent = [...(token ? ['example-access-token'] : secrets), '99887766+odd', 'id=example-cookie'];
      const echoes = sent.flatMap((value) => [
        value,
        JSON.stringify(value),
        encodeURIComponent(value),
        Buffer.from(`user:${value}`).toString('base64'),
        Buffer.from(value).toString('hex'),
      ]);
      const material = { ...fields, ...(token && { [accessTokenField]: 'example-access-token' }) };
      const { http } = bench(() => ({ status: 400, text: echoes.join(' | ') }), {
        lease: () => lease({ type, advanced: true, fields: material }),
      });
      const { text } = await http.request(list);
      expect(echoes.filter((echo) => text.includes(echo))).toEqual([]);
      expect(text.split(' | ')).toHaveLength(echoes.length);
    },
  );

  it('leaves data as it is where a header is no secret, and takes all of them where nothing else signs in', async () => {
    const text = '{"users":[{"tenant":"example-tenant"}]}';
    const seenWith = async (type: 'api-key' | 'custom-headers', fields: Record<string, string>) => {
      const { http } = bench(() => ({ text }), { lease: () => lease({ type, advanced: true, fields }) });
      return (await http.request(list)).text;
    };
    const headers = 'X-Tenant: example-tenant';
    expect(await seenWith('api-key', { tokenName: 'x-key', key: secret, headers })).toBe(text);
    expect(await seenWith('custom-headers', { headers })).toContain('[secret]');
    expect(await seenWith('custom-headers', { headers: `${headers}\nX-Api-Key: ${secret}` })).toBe(text);
  });

  it('cuts them out in the forms that JSON, URLs and forms give them', async () => {
    const odd = 'test "odd"/secret &=';
    const json = JSON.stringify(odd);
    const echoes = [json.slice(1, -1), json.slice(1, -1).replaceAll('/', '\\/'), encodeURIComponent(odd)];
    const text = [...echoes, new URLSearchParams({ key: odd }).toString()].join(' | ');
    const fields = { username: odd, password: odd };
    const { http } = bench(() => ({ status: 400, text }), { lease: () => lease({ fields }) });
    expect((await http.request(list)).text).toBe('[secret] | [secret] | [secret] | key=[secret]');
  });
});

describe('passing failures (V4, V6, V7)', () => {
  it.each([500, 502, 503, 504])(
    'asks a read again 5 times on %d, with growing waits, then gives up',
    async (status) => {
      const { http, egress, pacing, budget } = bench(() => ({ status }));
      const error = await failure(http.request(list));
      expect(error).toMatchObject({ code: 'vendor-unavailable', retriable: true, status });
      expect(egress.requests).toHaveLength(6);
      expect(budget.taken).toBe(6);
      expect(pacing.slept).toEqual([500, 1000, 2000, 4000, 8000]);
    },
  );

  it.each([
    ['timeout', 'vendor-timeout'],
    ['answer-cut', 'vendor-answer-cut'],
    ['unreachable', 'vendor-unreachable'],
  ] as const)('asks a read again after %s', async (egressCode, code) => {
    const { http, egress } = bench(throwing(egressCode));
    expect((await failure(http.request(list))).code).toBe(code);
    expect(egress.requests).toHaveLength(6);
  });

  it.each([
    ['tls-failed', 'vendor-unreachable'],
    ['blocked-address', 'vendor-unreachable'],
    ['host-not-allowed', 'vendor-unreachable'],
    ['blocked-url', 'vendor-unreachable'],
    ['redirected', 'vendor-redirected'],
    ['answer-too-large', 'vendor-answer-too-large'],
    ['answer-unreadable', 'vendor-answer-unreadable'],
    ['aborted', 'vendor-call-aborted'],
  ] as const)('asks once only after %s', async (egressCode, code) => {
    const { http, egress } = bench(throwing(egressCode));
    expect((await failure(http.request(list))).code).toBe(code);
    expect(egress.requests).toHaveLength(1);
  });

  it('treats a POST that lists as a read, and recovers', async () => {
    const { http, egress } = bench((_, index) => (index < 2 ? { status: 503 } : { text: 'fine' }));
    expect((await http.request({ ...list, method: 'POST', json: { cmd: 'x' } })).text).toBe('fine');
    expect(egress.requests).toHaveLength(3);
  });

  it.each([[{ status: 503 }], [{ status: 429 }]])('never repeats an action after %j (P15)', async (answer) => {
    const { http, egress } = bench(() => answer);
    await failure(http.request(act));
    expect(egress.requests).toHaveLength(1);
  });

  it.each(['timeout', 'answer-cut', 'unreachable'] as const)('never repeats an action after %s', async (code) => {
    const { http, egress } = bench(throwing(code));
    await failure(http.request(act));
    expect(egress.requests).toHaveLength(1);
  });

  it('throws a defect of the way out on as it is', async () => {
    const { http } = bench(() => {
      throw new TypeError('broken');
    });
    await expect(http.request(list)).rejects.toThrow(TypeError);
  });

  it('hands 404 and 409 to the caller', async () => {
    const { http } = bench((_, index) => ({ status: index === 0 ? 404 : 409 }));
    expect((await http.request(list)).status).toBe(404);
    expect((await http.request(act)).status).toBe(409);
  });

  it('stops before the next request when the caller aborts', async () => {
    const stop = new AbortController();
    const { http, egress } = bench(
      () => {
        stop.abort();
        return { status: 503 };
      },
      { signal: stop.signal },
    );
    expect((await failure(http.request(list))).code).toBe('vendor-call-aborted');
    expect(egress.requests).toHaveLength(1);
  });
});

describe('somebody in a hurry', () => {
  it.each([
    [503, 'vendor-unavailable'],
    [429, 'vendor-rate-limited'],
  ])('hears of status %d at once, and a 429 still holds for everybody', async (status, code) => {
    const { http, egress, pacing, budget } = bench(() => ({ status }), { isHurried: true });
    expect((await failure(http.request(list))).code).toBe(code);
    expect(egress.requests).toHaveLength(1);
    expect(pacing.slept).toEqual([]);
    expect(budget.limits).toHaveLength(status === 429 ? 1 : 0);
  });

  it('still gets a newer secret', async () => {
    const { http, egress } = bench((_, index) => ({ status: index === 0 ? 401 : 200 }), {
      isHurried: true,
      onUnauthorized: () => Promise.resolve(lease({ secretVersion: 2 })),
    });
    expect((await http.request(list)).status).toBe(200);
    expect(egress.requests).toHaveLength(2);
  });
});

describe('a meter', () => {
  it('hears of every request, repeated ones too, and of every wait', async () => {
    const heard: (string | number)[] = [];
    const meter = { called: () => heard.push('call'), waited: (ms: number) => heard.push(ms) };
    const answers = [{ status: 429, headers: { 'retry-after': '2' } }, { status: 200 }];
    const { http } = bench((_, index) => answers[index]!, { meter });
    await http.request(list);
    expect(heard).toEqual([0, 'call', 2_000, 0, 'call']);
  });
});

describe('rate limits (V1, V2)', () => {
  it.each([
    ['2', 2000],
    ['2.128', 2128],
    ['Mon, 05 Jan 2026 12:00:30 GMT', 30_000],
  ])('waits as long as Retry-After: %s says, for everybody', async (header, waitMs) => {
    const { http, pacing, budget } = bench((_, index) =>
      index === 0 ? { status: 429, headers: { 'retry-after': header } } : {},
    );
    const start = pacing.now();
    await http.request(list);
    expect(pacing.slept).toEqual([waitMs]);
    expect(budget.limits).toEqual([start + waitMs]);
  });

  it.each(['0', '-1', 'soon', 'Mon, 05 Jan 2026 11:00:00 GMT', undefined])(
    'backs off by itself after Retry-After: %s',
    async (header) => {
      const headers: Record<string, string> = header === undefined ? {} : { 'retry-after': header };
      const { http, pacing } = bench((_, index) => (index < 3 ? { status: 429, headers } : {}));
      await http.request(list);
      expect(pacing.slept).toEqual([1000, 1000, 2000]);
    },
  );

  it('does not sleep through a wait beyond 15 minutes but says when to come back', async () => {
    const { http, pacing, budget, egress } = bench(() => ({ status: 429, headers: { 'retry-after': '86400' } }));
    const error = await failure(http.request(list));
    expect(error).toMatchObject({ code: 'vendor-rate-limited', retriable: true });
    expect(error.details['retryAt']).toBe(pacing.now() + 86_400_000);
    expect(budget.limits).toEqual([pacing.now() + 86_400_000]);
    expect(pacing.slept).toEqual([]);
    expect(egress.requests).toHaveLength(1);
  });

  it('gives up on 429 for ever after less than 60 requests', async () => {
    const { http, egress } = bench(() => ({ status: 429 }));
    expect((await failure(http.request(list))).code).toBe('vendor-rate-limited');
    expect(egress.requests).toHaveLength(9);
  });
});

describe('refusals', () => {
  it('makes no retry storm of a 403 (V3) and follows no redirect (V21)', async () => {
    for (const [status, code] of [
      [403, 'vendor-forbidden'],
      [301, 'vendor-redirected'],
      [307, 'vendor-redirected'],
    ] as const) {
      const { http, egress } = bench(() => ({ status }));
      expect((await failure(http.request(list))).code).toBe(code);
      expect(egress.requests).toHaveLength(1);
    }
  });

  it('asks once for a newer secret after 401 and goes on with it (V18, G4)', async () => {
    const asked: number[] = [];
    const newer = lease({ secretVersion: 2, fields: { username: 'example-key', password: 'test-newer' } });
    let held = lease();
    const { http, egress } = bench((_, index) => (index === 0 ? { status: 401 } : { text: 'in' }), {
      lease: () => held,
      onUnauthorized: ({ secretVersion }) => {
        asked.push(secretVersion);
        held = newer;
        return Promise.resolve(newer);
      },
    });
    expect((await http.request(act)).text).toBe('in');
    await http.request(list);
    expect(asked).toEqual([1]);
    const sent = egress.requests.map(({ headers }) => headers['authorization']);
    expect(sent[0]).not.toBe(sent[1]);
    expect(sent[2]).toBe(sent[1]);
  });

  it('goes on with the secret of before, when the vault gives that one', async () => {
    let held = lease({ secretVersion: 2 });
    const { http, egress } = bench((_, index) => ({ status: index === 0 ? 401 : 200 }), {
      lease: () => held,
      onUnauthorized: () => Promise.resolve((held = lease({ secretVersion: 1 }))),
    });
    expect((await http.request(list)).status).toBe(200);
    expect(egress.requests).toHaveLength(2);
  });

  it.each([
    ['there is no newer secret', null],
    ['the newer secret is the same', lease()],
    ['the newer secret is refused too', lease({ secretVersion: 2 })],
  ])('reports the refused credential when %s (V19)', async (_, answer) => {
    let asked = 0;
    const { http } = bench(() => ({ status: 401 }), {
      onUnauthorized: () => {
        asked += 1;
        return Promise.resolve(answer);
      },
    });
    expect((await failure(http.request(list))).code).toBe('vendor-auth-rejected');
    expect(asked).toBe(1);
  });

  it('knows a refusal that comes with 200 as text (V8), also for actions', async () => {
    const text = '<?xml version="1.0"?>\n<example rc="Authorization Error"/>\n';
    for (const request of [list, act]) {
      const { http } = bench(() => ({ text }));
      expect(await failure(http.request(request))).toMatchObject({ code: 'vendor-auth-rejected', status: 200 });
    }
  });

  it('does not take data that holds those words for a refusal', async () => {
    const { http } = bench(() => ({ text: '{"name":"Authorization Error"}' }));
    expect((await http.request(list)).status).toBe(200);
  });
});

describe('cursors (V22)', () => {
  it.each([
    'https://evil.example/api/users?page=2',
    'https://vendor.example:8443/api/users',
    'http://vendor.example/api/users',
    'https://vendor.example/other/users',
    'https://vendor.example/api/../admin',
    'https://vendor.example/apiother',
    'https://user:pass@vendor.example/api/users',
    '/api/users',
    'not a url',
  ])('never follows %s', async (url) => {
    const { http, egress } = bench(() => ({}));
    const error = await failure(http.request({ operation: 'list', method: 'GET', url }));
    expect(error.code).toBe('vendor-foreign-cursor');
    expect(egress.requests).toHaveLength(0);
  });

  it('follows a cursor below the base URL as it is', async () => {
    const { http, egress } = bench(() => ({}));
    await http.request({ operation: 'list', method: 'GET', url: 'https://vendor.example/api/users?$skiptoken=a%20b' });
    expect(egress.requests[0]?.url).toBe('https://vendor.example/api/users?$skiptoken=a%20b');
  });
});

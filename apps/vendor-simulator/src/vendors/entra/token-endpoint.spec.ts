import { describe, expect, it } from '@jest/globals';

import { demoCompany } from '../../company/demo-company.js';
import { Random } from '../../company/random.js';
import { accountShapes } from '../index.js';
import type { VendorRequest } from '../vendor.js';
import { entra } from './index.js';

const { tenantId, clientId, clientSecret } = entra.defaultCredentials;
const scope = 'https://graph.microsoft.com/.default';
const good = { client_id: clientId, client_secret: clientSecret, scope, grant_type: 'client_credentials' };

function bench(lifeSeconds = 3599) {
  const { company } = demoCompany('test', accountShapes(['entra']));
  const time = { nowMs: Date.UTC(2026, 2, 2, 9), lifeSeconds };
  const api = entra.createApi({
    directory: company.directory('entra'),
    clock: company.clock,
    random: new Random('test'),
    credentials: entra.defaultCredentials,
    now: () => time.nowMs,
    tokenLifeSeconds: () => time.lifeSeconds,
    origin: () => 'http://graph.test',
  });
  const call = (request: Partial<VendorRequest> & { headers?: Record<string, string> }) => {
    const understood = api.understand({
      method: 'GET',
      path: '/v1.0/users',
      query: new URLSearchParams(),
      target: '/v1.0/users',
      body: '',
      header: (name) => request.headers?.[name],
      ...request,
    });
    const { status, body } = understood.execute({});
    return { ...understood, status, body: JSON.parse(body) as Record<string, unknown> };
  };
  const ask = (form: Record<string, string>, headers: Record<string, string> = {}, tenant = tenantId) =>
    call({
      method: 'POST',
      path: `/${tenant}/oauth2/v2.0/token`,
      body: new URLSearchParams(form).toString(),
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    });
  const read = (token: unknown) => call({ headers: { authorization: `Bearer ${String(token)}` } });
  return { time, call, ask, read };
}

const without = (name: keyof typeof good) => Object.fromEntries(Object.entries(good).filter(([key]) => key !== name));

describe('the token endpoint', () => {
  it('gives a bearer token with its life in seconds as a number, and no refresh token', () => {
    const { ask } = bench();
    const answer = ask(good);
    expect(answer).toMatchObject({ operation: 'token', status: 200, authOk: true, safeQuery: '' });
    expect(answer.body).toEqual({
      token_type: 'Bearer',
      expires_in: 3599,
      ext_expires_in: 3599,
      access_token: expect.any(String) as unknown,
    });
  });

  it('takes the tenant by id or by domain, and the client from a Basic header', () => {
    const { ask } = bench();
    expect(ask(good, {}, 'harbour.example').status).toBe(200);
    expect(ask(good, {}, 'harbourexample.onmicrosoft.com').status).toBe(200);
    const basic = (secret: string) => ({
      authorization: `Basic ${Buffer.from(`${clientId}:${secret}`).toString('base64')}`,
    });
    const form = { scope, grant_type: 'client_credentials' };
    expect(ask(form, basic(encodeURIComponent(clientSecret))).status).toBe(200);
    expect(ask(form, basic('test-wrong')).status).toBe(401);
  });

  it.each([
    ['another tenant', good, 'other.example', 400, 'invalid_request', 90002],
    ['no grant', without('grant_type'), tenantId, 400, 'invalid_request', 900144],
    ['no scope', without('scope'), tenantId, 400, 'invalid_request', 900144],
    ['no client', without('client_id'), tenantId, 400, 'invalid_request', 900144],
    ['another grant', { ...good, grant_type: 'password' }, tenantId, 400, 'unsupported_grant_type', 70003],
    ['another client', { ...good, client_id: 'test-other' }, tenantId, 400, 'unauthorized_client', 700016],
    ['no secret', without('client_secret'), tenantId, 401, 'invalid_client', 7000216],
    ['a wrong secret', { ...good, client_secret: 'test-wrong' }, tenantId, 401, 'invalid_client', 7000215],
    ['a scope of its own', { ...good, scope: 'User.Read.All' }, tenantId, 400, 'invalid_scope', 70011],
    ['two scopes', { ...good, scope: `${scope} ${scope}` }, tenantId, 400, 'invalid_scope', 70011],
  ])('refuses %s', (_, form, tenant, status, error, code) => {
    const answer = bench().ask(form, {}, tenant);
    expect(answer).toMatchObject({ status, authOk: false, body: { error, error_codes: [code] } });
    const hasPage = [90002, 7000215].includes(code);
    expect(Object.keys(answer.body)).toEqual([
      'error',
      'error_description',
      'error_codes',
      'timestamp',
      'trace_id',
      'correlation_id',
      ...(hasPage ? ['error_uri'] : []),
    ]);
    if (hasPage) expect(answer.body['error_uri']).toBe(`https://login.microsoftonline.com/error?code=${code}`);
    expect(answer.body['error_description']).toMatch(
      new RegExp(`^AADSTS${code}: .+\r\nTrace ID: .+\r\nCorrelation ID: .+\r\nTimestamp: 2026-03-02 09:00:00Z$`),
    );
    expect(JSON.stringify(answer.body)).not.toContain(clientSecret);
  });

  it('takes no other method and no other content type', () => {
    const { call, ask } = bench();
    expect(call({ path: `/${tenantId}/oauth2/v2.0/token` }).body).toMatchObject({ error_codes: [900561] });
    expect(ask(good, { 'content-type': 'application/json' }).body).toMatchObject({ error_codes: [900144] });
  });
});

describe('access tokens', () => {
  it('end when their life is over, each by its own', () => {
    const { time, ask, read } = bench(60);
    const first = ask(good).body['access_token'];
    time.nowMs += 30_000;
    time.lifeSeconds = 3599;
    const second = ask(good).body['access_token'];
    time.nowMs += 29_999;
    expect([read(first).status, read(second).status]).toEqual([200, 200]);
    time.nowMs += 1;
    expect(read(first)).toMatchObject({
      status: 401,
      authOk: false,
      body: { error: { code: 'InvalidAuthenticationToken', message: expect.stringContaining('expired') as unknown } },
    });
    expect(read(second)).toMatchObject({ status: 200, authOk: true });
  });

  it('are forgotten some time after their end', () => {
    const { time, ask, read } = bench(60);
    const first = ask(good).body['access_token'];
    time.nowMs += 2 * 86_400_000;
    ask(good);
    expect(read(first).body).toMatchObject({ error: { message: expect.stringContaining('80049217') as unknown } });
  });
});

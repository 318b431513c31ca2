import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import request from 'supertest';

import { GatewayUnderTest } from './gateway-under-test.js';

let gateway: GatewayUnderTest;

beforeAll(async () => {
  gateway = await GatewayUnderTest.start();
}, 60_000);
afterAll(async () => gateway?.stop(), 60_000);

const browser = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';

const asked = () => request(`http://127.0.0.1:${gateway.port}`);

describe('the address of the gateway alone', () => {
  it('shows a browser a page that runs nothing and loads nothing from elsewhere', async () => {
    const { text, headers } = await asked().get('/').set('accept', browser).expect(200);
    expect(headers['content-type']).toMatch(/^text\/html/);
    expect(headers['content-security-policy']).toMatch(/^default-src 'none'; style-src 'sha256-/);
    expect(headers['content-security-policy']).not.toMatch(/script|unsafe|http/);
    expect(text).not.toMatch(/<script|https?:\/\//);
    expect(text).toContain('/api/v1/openapi.json');
    expect(text).toContain('docs/guides/first-integration.md');
  });

  it.each(['application/json', '*/*', 'application/problem+json'])('answers %s with a problem', async (accept) => {
    const { body, headers } = await asked().get('/').set('accept', accept);
    expect(headers['content-type']).toMatch(/^application\/problem\+json/);
    expect(body).toMatchObject({ code: expect.any(String) });
  });

  it('is nothing that can be written to', async () => {
    const { headers } = await asked().post('/').set('accept', browser);
    expect(headers['content-type']).toMatch(/^application\/problem\+json/);
  });
});

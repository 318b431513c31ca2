import { createHash } from 'node:crypto';
import { brotliCompressSync, gzipSync } from 'node:zlib';

import { afterAll, afterEach, describe, expect, it, jest } from '@jest/globals';

import { LoopbackServers } from '../test/loopback-servers.js';
import { EgressError } from './egress.errors.js';
import { EgressClient, type EgressOptions, type EgressRequest } from './egress-client.js';

const canary = 'example-canary-7f3a91c2';
const started: LoopbackServers[] = [];
/** Servers of their own, for tests that count connections. */
function fresh(): LoopbackServers {
  const made = new LoopbackServers();
  started.push(made);
  return made;
}
const servers = fresh();
const clients: EgressClient[] = [];

function client(overrides: Partial<EgressOptions> = {}): EgressClient {
  const made = EgressClient.create({
    allowedHosts: ['127.0.0.1', 'localhost', '*.vendor.example'],
    allowHttp: true,
    allowLoopback: true,
    ...overrides,
  });
  clients.push(made);
  return made;
}

const get = (url: string, more: Partial<EgressRequest> = {}): EgressRequest => ({ method: 'GET', url, ...more });

async function errorOf(request: Promise<unknown>): Promise<EgressError> {
  const error = await request.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(EgressError);
  return error as EgressError;
}

afterEach(async () => {
  await Promise.all(clients.splice(0).map((made) => made.close()));
});
afterAll(async () => {
  await Promise.all(started.map((made) => made.end()));
});

describe('EgressClient', () => {
  it('sends method, headers and body, and returns status, headers and text', async () => {
    const url = await servers.http((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        response.setHeader('set-cookie', 'session=example');
        response.setHeader('X-Request-Id', 'r1');
        response.statusCode = 422;
        response.end(
          JSON.stringify({
            method: request.method,
            key: request.headers['x-api-key'],
            body: Buffer.concat(chunks).toString(),
          }),
        );
      });
    });
    const before = Date.now();
    const answer = await client().request({
      method: 'POST',
      url: `${url}/a`,
      headers: { 'X-Api-Key': canary },
      body: '{"a":1}',
    });
    expect(answer).toMatchObject({ status: 422, headers: { 'x-request-id': 'r1' } });
    expect(answer.headers).not.toHaveProperty('set-cookie');
    expect(JSON.parse(answer.text)).toEqual({ method: 'POST', key: canary, body: '{"a":1}' });
    expect(answer.askedAt).toBeGreaterThanOrEqual(before);
    expect(answer.bytes).toBe(Buffer.byteLength(answer.text));
  });

  it.each([300, 301, 302, 303, 304, 305, 307, 308])('never follows a %d (V21, N1)', async (status) => {
    const other = fresh();
    const target = await other.http((_request, response) => response.end('{}'));
    const url = await servers.http((_request, response) => {
      response.writeHead(status, { location: `${target}/steal?key=${canary}` });
      response.end();
    });
    const error = await errorOf(client().request(get(url, { headers: { 'x-api-key': canary } })));
    expect(error).toMatchObject({ code: 'redirected', details: { status } });
    expect(`${error.message}${JSON.stringify(error.details)}`).not.toContain(canary);
    expect(other.connections).toBe(0);
  });

  it('keeps connections alive and reuses them', async () => {
    const own = fresh();
    const url = await own.http((_request, response) => response.end('{}'));
    const shared = client();
    for (let asked = 0; asked < 20; asked += 1) await shared.request(get(url));
    // A second one is opened when a request comes before the first connection is known to be idle again.
    expect(own.connections).toBeLessThanOrEqual(2);
  });

  it('connects to the address it resolved, once, and refuses a name that turns inside', async () => {
    const url = await servers.http((_request, response) => response.end('{}'));
    const port = new URL(url).port;
    const resolver = jest.fn(async () => ['127.0.0.1']);
    const open = client({ resolver, ports: [Number(port)] });
    expect((await open.request(get(`http://api.vendor.example:${port}/`))).status).toBe(200);
    expect(resolver).toHaveBeenCalledTimes(1);
    const closed = client({ resolver, ports: [Number(port)], allowLoopback: false });
    const before = servers.connections;
    expect(await errorOf(closed.request(get(`http://api.vendor.example:${port}/`)))).toMatchObject({
      code: 'blocked-address',
    });
    expect(servers.connections).toBe(before);
  });

  it('does not tell open from closed ports behind private names (P27)', async () => {
    const url = await servers.http((_request, response) => response.end('{}'));
    const ports = [Number(new URL(url).port), 1];
    const guarded = client({ allowLoopback: false, ports, resolver: async () => ['127.0.0.1'] });
    const errors = await Promise.all(
      ports.map((port) => errorOf(guarded.request(get(`http://api.vendor.example:${port}/`)))),
    );
    expect({ ...errors[0], message: errors[0]!.message }).toEqual({ ...errors[1], message: errors[1]!.message });
  });

  it('ignores proxy variables of the environment', async () => {
    const proxy = fresh();
    process.env['HTTP_PROXY'] = process.env['http_proxy'] = await proxy.http((_request, response) =>
      response.end('{}'),
    );
    const url = await servers.http((_request, response) => response.end('{}'));
    try {
      await client().request(get(url));
      expect(proxy.connections).toBe(0);
    } finally {
      delete process.env['HTTP_PROXY'];
      delete process.env['http_proxy'];
    }
  });

  it('gives each `withHosts` client its own hosts', async () => {
    const url = await servers.http((_request, response) => response.end('{}'));
    const none = client({ allowedHosts: [] });
    expect(await errorOf(none.request(get(url)))).toMatchObject({ code: 'host-not-allowed' });
    expect((await none.withHosts(['127.0.0.1']).request(get(url))).status).toBe(200);
  });

  it('never quotes a header value that cannot be sent (N8)', async () => {
    const url = await servers.http((_request, response) => response.end('{}'));
    const bad: Record<string, string>[] = [
      { 'x-api-key': `${canary}\r\nx-evil: 1` },
      { 'x-api-key': `${canary}\u0000` },
      { 'x-api-key': `${canary}ä→` },
      { [`bad ${canary}`]: 'x' },
      { host: canary },
      { 'Content-Length': '1' },
      { 'Transfer-Encoding': 'chunked' },
      { 'x-long': canary.repeat(2_000) },
    ];
    for (const headers of bad) {
      const error = await errorOf(client().request(get(url, { headers })));
      expect(error.code).toBe('invalid-request');
      expect(error.message).not.toContain(canary);
      expect(error.cause).toBeUndefined();
    }
    expect(await errorOf(client().request({ method: 'CONNECT', url }))).toMatchObject({ code: 'invalid-request' });
  });

  it('sustains hundreds of answers of 100 KB in flight without mixing them', async () => {
    const body = JSON.stringify({ users: 'x'.repeat(100_000) });
    const url = await servers.http((request, response) => response.end(`${request.url}${body}`));
    const shared = client();
    const answers = await Promise.all(Array.from({ length: 300 }, (_, id) => shared.request(get(`${url}/${id}`))));
    answers.forEach((answer, id) => expect(answer.text.startsWith(`/${id}{`)).toBe(true));
    const digest = createHash('sha256').update(body).digest('hex');
    expect(createHash('sha256').update(answers[7]!.text.slice(2)).digest('hex')).toBe(digest);
  });
});

describe('EgressClient and answers that cannot be trusted', () => {
  const whole = gzipSync(Buffer.from(JSON.stringify({ users: 'Zoë '.repeat(5_000) })));

  it('undoes compression', async () => {
    const url = await servers.http((request, response) => {
      expect(request.headers['accept-encoding']).toBe('gzip, deflate, br');
      response.setHeader('content-encoding', 'br');
      response.end(brotliCompressSync(Buffer.from('{"ok":true}')));
    });
    expect((await client().request(get(url))).text).toBe('{"ok":true}');
  });

  const cuts: [string, () => Promise<string>][] = [
    [
      'gzip cut in half with a matching length (N2)',
      () =>
        servers.http((_request, response) => {
          const half = whole.subarray(0, whole.length / 2);
          response.writeHead(200, { 'content-encoding': 'gzip', 'content-length': half.length });
          response.end(half);
        }),
    ],
    [
      'a body shorter than its length',
      () => servers.raw((socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"users":[]}')),
    ],
    [
      'an unfinished chunk',
      () => servers.raw((socket) => socket.end('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n20\r\n{"us')),
    ],
    [
      'chunks without the last one',
      () => servers.raw((socket) => socket.end('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n')),
    ],
    [
      'a reset in the body',
      () =>
        servers.raw((socket) => {
          socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"us');
          setTimeout(() => socket.resetAndDestroy(), 20);
        }),
    ],
  ];
  it.each(cuts)('refuses %s (V7)', async (_name, start) => {
    expect(await errorOf(client().request(get(await start())))).toMatchObject({ code: 'answer-cut', retriable: true });
  });

  it('refuses what is too long: stated, streamed, decompressed, and in the headers (V17, V29)', async () => {
    const stated = await servers.raw((socket) =>
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 3000000000\r\n\r\nx'),
    );
    const streamed = await servers.http((_request, response) => {
      const more = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(65_536, 0x20)));
      };
      response.on('drain', more);
      more();
    });
    const bomb = await servers.http((_request, response) => {
      response.setHeader('content-encoding', 'gzip');
      response.end(gzipSync(Buffer.alloc(50_000_000)));
    });
    const headers = await servers.raw((socket) =>
      socket.write(`HTTP/1.1 200 OK\r\nx-long: ${'x'.repeat(1_000_000)}\r\n\r\n`),
    );
    for (const url of [stated, streamed, bomb, headers]) {
      const error = await errorOf(client({ maxBytes: 1_000_000 }).request(get(url)));
      expect(error).toMatchObject({ code: 'answer-too-large', retriable: false });
    }
  });

  it('refuses invalid UTF-8 and what is no HTTP, without quoting it', async () => {
    const latin = await servers.http((_request, response) => response.end(Buffer.from(`${canary} Zoë`, 'latin1')));
    const noise = await servers.raw((socket) => socket.end(`${canary} is no http\r\n\r\n`));
    for (const url of [latin, noise]) {
      const error = await errorOf(client().request(get(url)));
      expect(error.code).toBe('answer-unreadable');
      expect(`${error.message}${error.stack}${JSON.stringify(error.details)}`).not.toContain(canary);
      // The parser's error carries what it read.
      expect(error.cause).toBeUndefined();
    }
  });

  it('accepts empty answers, 204 and HEAD', async () => {
    const url = await servers.http((request, response) => {
      if (request.url === '/204') response.writeHead(204);
      if (request.method === 'HEAD') response.setHeader('content-length', 1_000);
      response.end();
    });
    expect(await client().request(get(`${url}/204`))).toMatchObject({ status: 204, text: '' });
    expect(await client().request(get(url))).toMatchObject({ status: 200, text: '' });
    expect(await client().request({ method: 'HEAD', url })).toMatchObject({ status: 200, text: '' });
  });
});

describe('EgressClient and time', () => {
  it('ends a request whose headers do not come, and one that trickles (V6)', async () => {
    const silent = await servers.raw(() => undefined);
    const headers = await errorOf(client({ headersTimeoutMs: 50 }).request(get(silent)));
    expect(headers).toMatchObject({ code: 'timeout', details: { timeoutMs: 50 } });
    const trickle = await servers.http((_request, response) => {
      const timer = setInterval(() => response.write(' '), 10);
      response.on('close', () => clearInterval(timer));
    });
    const whole = await errorOf(client({ headersTimeoutMs: 5_000 }).request(get(trickle, { timeoutMs: 120 })));
    expect(whole).toMatchObject({ code: 'timeout', retriable: true, details: { timeoutMs: 120 } });
  });

  it('ends a request for its caller, before and while it runs', async () => {
    const silent = await servers.raw(() => undefined);
    expect(await errorOf(client().request(get(silent, { signal: AbortSignal.abort() })))).toMatchObject({
      code: 'aborted',
    });
    const controller = new AbortController();
    const running = errorOf(client().request(get(silent, { signal: controller.signal })));
    setTimeout(() => controller.abort(), 20);
    expect(await running).toMatchObject({ code: 'aborted', retriable: false });
  });

  it('reports a refused connection and a reset as unreachable', async () => {
    const gone = fresh();
    const url = await gone.http((_request, response) => response.end());
    await gone.end();
    expect(await errorOf(client().request(get(`${url}/?key=${canary}`)))).toMatchObject({
      code: 'unreachable',
      message: expect.not.stringContaining(canary),
    });
    const reset = await servers.raw((socket) => socket.resetAndDestroy());
    expect(await errorOf(client().request(get(reset)))).toMatchObject({ code: 'unreachable', retriable: true });
  });
});

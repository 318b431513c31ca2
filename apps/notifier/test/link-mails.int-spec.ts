import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { outgoingMail } from '@rollcall/collections';
import { mailLink } from '@rollcall/contracts';
import { readSealPublicKey, sealCommandField } from '@rollcall/secrets';

import { Installation, until } from './installation.js';

const link = 'https://rollcall.example.com/welcome#test-token-of-a-link';

let installation: Installation;

beforeAll(async () => {
  installation = await Installation.create();
  await installation.start();
}, 120_000);
afterAll(async () => installation?.close(), 60_000);

async function send(email: string, expiresAt: string, sealedFor?: string) {
  const { commandSender, config } = await installation.as('gateway');
  const idempotencyKey = randomUUID();
  const actor = 'operator:test';
  const commandId = sealedFor ?? commandSender.idOf(actor, idempotencyKey);
  const publicKey = await readSealPublicKey(config.ROLLCALL_KEYS_DIR, 'mail');
  const sealed = await sealCommandField({ publicKey, commandId, field: 'link', value: link });
  const input = {
    to: { name: 'Iris [link] Operator', email },
    purpose: 'invitation' as const,
    link: sealed,
    expiresAt,
  };
  const message = { aggregate: commandId, actor, correlationId: randomUUID(), idempotencyKey, input };
  const { outcome } = await commandSender.send(mailLink, message, 20_000);
  if (outcome.status !== 'done') throw new Error(`not done: ${JSON.stringify(outcome)}`);
  return outcome.result.mail;
}

async function ended(id: string) {
  const { databases } = await installation.as('gateway');
  return until(async () => {
    const mail = await databases.collection(outgoingMail).findOne({ _id: id });
    return mail?.state === 'queued' && mail.lastError === null ? null : mail;
  });
}

describe('a link that lets somebody in', () => {
  it('is opened only in the mail that leaves, and nothing of it is kept', async () => {
    const id = await send('iris@example.com', '2026-11-23T02:00:00.000Z');
    const mail = await ended(id);
    expect(mail).toMatchObject({ state: 'sent' });
    expect(mail).not.toHaveProperty('sealedLink');
    expect(JSON.stringify(mail)).not.toContain('test-token');
    const [received] = installation.smtp.to('iris@example.com');
    expect(received!.parsed.subject).toBe('[Rollcall] You are invited to Rollcall');
    expect(received!.parsed.text!.split(link)).toHaveLength(2);
    expect(received!.parsed.text).toContain('until 2026-11-23 02:00 UTC');
  });

  it('is not mailed once it has expired', async () => {
    const mail = await ended(await send('late@example.com', '2026-11-20T01:00:00.000Z'));
    expect(mail).toMatchObject({ state: 'failed', lastError: expect.stringContaining('expired') });
    expect(mail).not.toHaveProperty('sealedLink');
    expect(installation.smtp.to('late@example.com')).toEqual([]);
  });

  it('that was sealed for another command is not opened, and the reason says nothing of it', async () => {
    const mail = await ended(await send('other@example.com', '2026-11-23T02:00:00.000Z', 'gateway-another'));
    expect(mail!.lastError).toContain('cannot be opened');
    expect(installation.smtp.to('other@example.com')).toEqual([]);
  });
});

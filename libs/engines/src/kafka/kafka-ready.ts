import { setTimeout as sleep } from 'node:timers/promises';

import { type Admin, Kafka, logLevel } from 'kafkajs';

import { EngineError } from '../engine-error.js';

const POLL_MS = 150;

/**
 * Waits until the broker answers with metadata.
 * @param stillWorthIt false ends the wait at once (the process died).
 * @throws EngineError ENGINE_DID_NOT_START
 */
export async function waitForKafka(brokers: string, timeoutMs: number, stillWorthIt = () => true): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (stillWorthIt() && Date.now() < deadline) {
    if (await answers(brokers)) return;
    await sleep(POLL_MS);
  }
  throw new EngineError(
    'ENGINE_DID_NOT_START',
    stillWorthIt() ? `Kafka at ${brokers} gave no answer within ${timeoutMs / 1000} s.` : 'Kafka ended while starting.',
    'Check the address and that the broker runs.',
  );
}

export async function answers(brokers: string): Promise<boolean> {
  try {
    await withAdmin(brokers, (admin) => admin.listTopics());
    return true;
  } catch {
    return false;
  }
}

/** Asks once more, for the words of a failure. */
export async function whyNot(brokers: string): Promise<string> {
  try {
    await withAdmin(brokers, (admin) => admin.listTopics());
    return 'it answers too slowly';
  } catch (error) {
    return error instanceof Error ? error.message.replace(/\.$/, '') : String(error);
  }
}

/** Asks once: whoever waits for an engine asks again. */
export async function withAdmin<Result>(brokers: string, work: (admin: Admin) => Promise<Result>): Promise<Result> {
  const kafka = new Kafka({
    clientId: 'rollcall-engines',
    brokers: brokers.split(',').map((broker) => broker.trim()),
    logLevel: logLevel.NOTHING,
    connectionTimeout: 1_000,
    requestTimeout: 3_000,
    retry: { retries: 0 },
  });
  const admin = kafka.admin();
  try {
    await admin.connect();
    return await work(admin);
  } finally {
    await admin.disconnect();
  }
}

import { type Connector, type ConnectorContext, VendorError, type VendorErrorCode } from '@rollcall/connector-kit';
import type { PlanLine } from '@rollcall/contracts';

import type { Confirmation } from './guard.js';

/** More lines than this are held by the amount rule anyway (evidence f). */
export const mostConfirmations = 500;

/** Lines asked for at once; the credential's rate budget decides the pace. */
const atOnce = 4;

/** After one of these the vendor answers nobody; asking for the next line would only repeat the retries. */
const vendorWide: ReadonlySet<VendorErrorCode> = new Set([
  'vendor-auth-rejected',
  'vendor-forbidden',
  'vendor-rate-limited',
  'vendor-redirected',
  'vendor-timeout',
  'vendor-unavailable',
  'vendor-unreachable',
]);

/**
 * Asks the vendor for each staged user by id or name. Gone, or found inactive: confirmed. Found active: refuted. No
 * definite answer: unclear, and that line waits (A13). Throws what is not the vendor's answer, such as a lost lease.
 */
export async function confirmLines(
  connector: Connector,
  context: ConnectorContext,
  lines: readonly PlanLine[],
  checkHeld: () => void,
): Promise<Confirmation[]> {
  const confirmations = new Array<Confirmation>(lines.length);
  let outage: string | null = null;
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < lines.length) {
      const index = next;
      next += 1;
      const line = lines[index]!;
      checkHeld();
      const confirmation = outage === null ? await confirm(connector, context, line) : unclear(line, outage);
      if (confirmation.isOutage) outage ??= confirmation.text;
      confirmations[index] = confirmation;
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, lines.length) }, work));
  return confirmations;
}

type Answered = Confirmation & { readonly isOutage?: boolean };

async function confirm(connector: Connector, context: ConnectorContext, line: PlanLine): Promise<Answered> {
  try {
    const answer = await connector.getUser(context, { vendorId: line.vendorId, username: line.username });
    if (answer.kind === 'gone') return { line, answer: 'confirmed', text: answer.text };
    if (answer.user.status === 'inactive') return { line, answer: 'confirmed', text: 'marked inactive' };
    if (answer.user.status === 'active') return { line, answer: 'refuted', text: 'found active' };
    return unclear(line, 'found with a status that cannot be read');
  } catch (error) {
    if (!(error instanceof VendorError) || error.code === 'vendor-call-aborted') throw error;
    return { ...unclear(line, error.message), isOutage: vendorWide.has(error.code) };
  }
}

function unclear(line: PlanLine, text: string): Answered {
  return { line, answer: 'unclear', text };
}

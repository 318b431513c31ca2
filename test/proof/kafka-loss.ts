import { expect } from '@jest/globals';
import { type ServiceName, serviceNames } from '@rollcall/contracts';
import { waitFor } from '@rollcall/testing';

import type { Installation } from '../e2e/installation.js';

interface Check {
  readonly ok: boolean;
  readonly detail: string;
}

/** Every service says of itself that Kafka cannot be reached, and where it should be. */
export async function untilLossIsTold(installation: Installation, withinMs: number): Promise<void> {
  await Promise.all(serviceNames.map((name) => told(installation, name, (detail) => detail !== null, withinMs)));
}

/** Every service is ready, of which nobody started one again. */
export async function untilAllAreBack(installation: Installation, withinMs: number): Promise<void> {
  await Promise.all(serviceNames.map((name) => told(installation, name, (detail) => detail === null, withinMs)));
}

/** What a service says of Kafka: null when all its checks are well. */
async function told(
  installation: Installation,
  name: ServiceName,
  isWanted: (detail: string | null) => boolean,
  withinMs: number,
): Promise<void> {
  await waitFor(
    `${name} to ${isWanted(null) ? 'be back' : 'tell the loss'}`,
    async () => {
      const response = await fetch(`${installation.service(name).url}/readyz`);
      const { checks } = (await response.json()) as { checks: Record<string, Check> };
      const kafka = checks['kafka']!;
      if (!kafka.ok) expect(kafka.detail).toContain('Kafka cannot be reached at');
      return isWanted(response.ok ? null : kafka.ok ? 'something else' : kafka.detail);
    },
    withinMs,
  );
}

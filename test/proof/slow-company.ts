import { serviceNames } from '@rollcall/contracts';

import { Installation, type InstallationOptions } from '../e2e/installation.js';
import { proofVendors } from './churn.js';

export interface SlowCompany {
  /** Of both vendors together. */
  readonly users: number;
  readonly seed: number;
  /** Of each answer of a vendor: so that faults come in the middle of a run. */
  readonly latencyMs: number;
  readonly variables?: InstallationOptions['variables'];
}

/** All services with two vendors that answer slowly and never ask for a pause. */
export async function startWithSlowVendors({
  users,
  seed,
  latencyMs,
  variables = {},
}: SlowCompany): Promise<Installation> {
  const installation = await Installation.start({
    services: serviceNames,
    simulator: { company: `load:${users / proofVendors.length}`, seed: String(seed), vendors: proofVendors },
    variables,
    readyWithinMs: 180_000,
  });
  installation.simulator.control.settings({ rateLimit: null, latencyMs });
  return installation;
}

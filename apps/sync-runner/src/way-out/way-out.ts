import type { EgressPort, RateBudgetPort } from '@rollcall/connector-kit';
import type { ConnectorManifest } from '@rollcall/contracts';

export const WAY_OUT = Symbol('way out');

/** The only way to vendors (architecture 8), and the budget that all callers of a credential share (G5). */
export interface WayOut {
  egress(allowedHost: string): EgressPort;
  budget(credential: string, limits: ConnectorManifest['rateBudget']): RateBudgetPort;
}

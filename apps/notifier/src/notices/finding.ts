import type { PeoplePlanRecord, RunRecord } from '@rollcall/contracts';

/** A credential that ends soon, or has ended. */
export interface EndingCredential {
  readonly id: string;
  readonly expiresAt: string;
  /** Names of the integrations that stop with it. */
  readonly integrations: readonly string[];
}

/** What was found out. Each becomes one notice per contact (I9). */
export type Finding = { readonly incident: string } & (
  | IntegrationFinding
  | {
      readonly kind: 'credential-expiring' | 'credential-expired';
      readonly integration: null;
      readonly run: null;
      readonly credential: EndingCredential;
    }
);

/** About an integration, by its watch or by a people plan. */
type IntegrationFinding = { readonly integration: string } & (
  | { readonly kind: 'run-failed' | 'run-held' | 'run-undone'; readonly run: RunRecord }
  | { readonly kind: 'run-overdue'; readonly run: { readonly id: string; readonly startedAt: Date } }
  | { readonly kind: 'run-not-started'; readonly run: null; readonly expectedAt: Date }
  | { readonly kind: 'run-recovered'; readonly run: RunRecord }
  | { readonly kind: 'people-held'; readonly run: null; readonly plan: PeoplePlanRecord }
);

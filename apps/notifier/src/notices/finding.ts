import type { PeoplePlanRecord, RunRecord } from '@rollcall/contracts';

/** What was found out about an integration, by its watch or by a people plan. Each becomes one notice per contact (I9). */
export type Finding = { readonly integration: string; readonly incident: string } & (
  | { readonly kind: 'run-failed' | 'run-held' | 'run-undone'; readonly run: RunRecord }
  | { readonly kind: 'run-overdue'; readonly run: { readonly id: string; readonly startedAt: Date } }
  | { readonly kind: 'run-not-started'; readonly run: null; readonly expectedAt: Date }
  | { readonly kind: 'run-recovered'; readonly run: RunRecord }
  | { readonly kind: 'people-held'; readonly run: null; readonly plan: PeoplePlanRecord }
);

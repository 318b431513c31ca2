import { defineCollection } from '../define-collection.js';
import { anything, listOf, number, oneOf, optional, part, text } from '../models/paths.js';

/** How values of a unique field are compared: without their case; so, and only addresses; or as they stand. */
export type KeyKind = 'folded' | 'address' | 'exact';

/** What mapping knows of an integration. */
export interface FoldIntegration {
  priority: number;
  authoritative: boolean;
  name: string;
  connector: string;
  /** Entry under Software > SaaS of its users, null for none. Absent: the one of its vendor. */
  app?: string | null;
}

export interface FoldEdit {
  version: number;
  by: string;
  at: string;
  /** What was changed, in words. */
  what: string;
  integration: string | null;
}

/** What folds a person, in one versioned document (D1). */
export interface FoldSettingsDocument {
  _id: 'fold';
  version: number;
  /** Version of the last change that may alter somebody; people with an older one are refolded. */
  concerns: number;
  /** Variables of the people fields marked unique; their values are keys (D4). */
  uniqueFields: string[];
  /** How their values are compared, for those that are not simply compared without their case. Absent in old documents. */
  keyKinds?: Record<string, KeyKind>;
  /** Field → integrations in the order in which they are believed, for the fields that have one of their own (D2). */
  sources?: Record<string, string[]>;
  /** Integration → fields that it finds people by and does not write: its accounts come last for these (R74). */
  secondaryKeys?: Record<string, string[]>;
  /** The newest changes that may alter somebody, oldest first: a people plan names what it follows from, and who did it. */
  edits?: FoldEdit[];
  integrations: Record<string, FoldIntegration>;
}

export const settings = defineCollection<FoldSettingsDocument>({
  owner: 'mapping',
  name: 'settings',
  published: true,
  paths: {
    _id: oneOf('fold'),
    version: number,
    concerns: number,
    uniqueFields: listOf(text),
    keyKinds: anything,
    sources: anything,
    secondaryKeys: anything,
    edits: listOf(part({ version: number, by: text, at: text, what: text, integration: optional.text })),
    integrations: anything,
  },
});

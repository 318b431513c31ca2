import {
  linkAccount as linkAccountCommand,
  linkBodySchema,
  matchingReviewQuerySchema,
  matchingReviewSchema,
  mergeBodySchema,
  mergePeople as mergePeopleCommand,
  pageSchema,
  pathIdSchema,
  setSourcesOfTruth as setSourcesCommand,
  previewSourcesBodySchema,
  sourcesOfTruthViewSchema,
} from '@rollcall/contracts';
import { z } from 'zod';

import { defineOperation } from '../http/operation.js';

const tag = 'people';

export const listMatchingReviews = defineOperation({
  id: 'listMatchingReviews',
  method: 'GET',
  path: '/matching-reviews',
  tag,
  summary: 'Accounts that wait for a decision, and active accounts of inactive people.',
  description:
    'An account belongs to nobody until somebody links it, or the vendor corrects it, if its sync keys belong to several people (`several-matches`); if their person has an account of the same integration already (`second-account`); if several users of one vendor have the same value (`shared-key`); if the person has no active account any more (`left-person`); or if no word of its name is in the name of the person (`different-names`). `message` says why, `candidates` whose it may be. The last two can be allowed by `matching` in the mapping. `inactive-person` lists accounts that are active although their person is not.',
  query: matchingReviewQuerySchema,
  result: pageSchema(matchingReviewSchema),
});

export const linkAccount = defineOperation({
  id: 'linkAccount',
  method: 'PUT',
  path: '/accounts/:id/person',
  tag: 'accounts',
  summary:
    'Decides whose account it is: answers a matching review, or splits the account off to another or a new person.',
  params: pathIdSchema,
  body: linkBodySchema,
  result: linkAccountCommand.result,
  command: true,
});

export const mergePeople = defineOperation({
  id: 'mergePeople',
  method: 'POST',
  path: '/people/:id/merge',
  tag,
  summary: 'Merges another person into this one. The other one stays as `mergedInto`.',
  params: pathIdSchema,
  body: mergeBodySchema,
  result: mergePeopleCommand.result,
  status: 200,
  command: true,
});

export const getSourcesOfTruth = defineOperation({
  id: 'getSourcesOfTruth',
  method: 'GET',
  path: '/sources-of-truth',
  tag,
  summary: 'For which attributes of people integrations are believed in an order of their own.',
  result: sourcesOfTruthViewSchema,
});

export const setSourcesOfTruth = defineOperation({
  id: 'setSourcesOfTruth',
  method: 'PUT',
  path: '/sources-of-truth',
  tag,
  summary: 'Replaces these orders; everybody is folded again. Attributes that are not named follow the priority.',
  body: previewSourcesBodySchema,
  result: setSourcesCommand.result,
  command: true,
  ifMatch: true,
});

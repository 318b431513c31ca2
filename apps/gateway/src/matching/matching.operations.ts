import {
  linkAccount as linkAccountCommand,
  linkBodySchema,
  matchingReviewQuerySchema,
  matchingReviewSchema,
  mergeBodySchema,
  mergePeople as mergePeopleCommand,
  pageSchema,
  pathIdSchema,
  previewSourcesBodySchema,
  setSourcesOfTruth as setSourcesCommand,
  sourcesOfTruthViewSchema,
} from '@rollcall/contracts';

import { defineOperation } from '../http/operation.js';

const tag = 'people';

export const listMatchingReviews = defineOperation({
  id: 'listMatchingReviews',
  method: 'GET',
  path: '/matching-reviews',
  tag,
  summary: 'Accounts that wait for a decision, and active accounts of inactive people.',
  description:
    "An account belongs to nobody until somebody links it or the vendor corrects it, if its sync keys belong to several people (`several-matches`), if the person it matches already has an account of the same integration (`second-account`), if several users of one vendor, or accounts of several people, have the same value (`shared-key`), if the person no longer has an active account (`left-person`), or if its name and the person's share no word (`different-names`). `message` says why, `candidates` whose account it may be. `matching` in the mapping can allow the last two. `inactive-person` lists active accounts whose person is inactive.",
  query: matchingReviewQuerySchema,
  result: pageSchema(matchingReviewSchema),
});

export const linkAccount = defineOperation({
  id: 'linkAccount',
  method: 'PUT',
  path: '/accounts/:id/person',
  tag: 'accounts',
  summary: 'Decides whose account it is: answers a matching review, or moves the account to another or a new person.',
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
  summary: 'Merges another person into this one. The other record stays, with `mergedInto`.',
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
  summary: 'The attributes of people that have their own order of sources.',
  result: sourcesOfTruthViewSchema,
});

export const setSourcesOfTruth = defineOperation({
  id: 'setSourcesOfTruth',
  method: 'PUT',
  path: '/sources-of-truth',
  tag,
  summary:
    'Replaces these orders. All people are computed again. Attributes that are not named follow the priority of integrations.',
  body: previewSourcesBodySchema,
  result: setSourcesCommand.result,
  command: true,
  ifMatch: true,
});

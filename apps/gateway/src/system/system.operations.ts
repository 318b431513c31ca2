import {
  mailTestInputSchema,
  mailTestSchema,
  positionsResetSchema,
  recordsResyncSchema,
  recordsStandSchema,
  systemHealthSchema,
} from '@rollcall/contracts';
import { z } from 'zod';

import { defineOperation } from '../http/operation.js';

const tag = 'system';

export const getSystemHealth = defineOperation({
  id: 'getSystemHealth',
  method: 'GET',
  path: '/system/health',
  tag,
  summary:
    'What needs attention: databases, mail server, runs in trouble, generations that cannot be trusted, positions.',
  result: systemHealthSchema,
});

export const resetPositions = defineOperation({
  id: 'resetPositions',
  method: 'POST',
  path: '/system/positions/reset',
  tag,
  summary:
    'Accepts a recreated raw-records topic. Open generations become void, and the next runs read everything again.',
  result: positionsResetSchema,
  status: 200,
  command: true,
  toldByAnswer: true,
});

export const getRecordsStand = defineOperation({
  id: 'getRecordsStand',
  method: 'GET',
  path: '/system/records',
  tag,
  summary: 'The epoch of the records, by which consumers of events know which ones count.',
  result: recordsStandSchema,
});

export const resyncRecords = defineOperation({
  id: 'resyncRecords',
  method: 'POST',
  path: '/system/records/resync',
  tag,
  summary: 'Begins a new epoch of the records and publishes every record again, after a restore that was not noticed.',
  result: recordsResyncSchema,
  status: 200,
  command: true,
  toldByAnswer: true,
});

export const testMail = defineOperation({
  id: 'testMail',
  method: 'POST',
  path: '/system/mail/test',
  tag,
  summary: 'Sends one mail now and says what the mail server answered.',
  body: mailTestInputSchema,
  result: mailTestSchema,
  status: 200,
  command: true,
  changesNothing: true,
});

export const getOpenApiDocument = defineOperation({
  id: 'getOpenApiDocument',
  method: 'GET',
  path: '/openapi.json',
  tag,
  summary: 'This document.',
  result: z.looseObject({ openapi: z.string() }),
});

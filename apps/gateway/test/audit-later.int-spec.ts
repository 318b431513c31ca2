import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Injectable, Module } from '@nestjs/common';
import { fields, notices } from '@rollcall/collections';
import {
  AppError,
  type AuditEvent,
  createField,
  type InputOf,
  markNoticeRead,
  type NoticeRecord,
  noticeRecordSchema,
  type Page,
  type ResultOf,
  updateField,
} from '@rollcall/contracts';
import { type CommandContext, HandleCommand } from '@rollcall/messaging';
import { waitFor } from '@rollcall/testing';

import { GatewayUnderTest, type Method } from './gateway-under-test.js';
import { exampleOf } from './matrix/example-record.js';

let gateway: GatewayUnderTest;

const stored = () => gateway.environment.databases.collection(fields);
const noticeRecord = exampleOf(noticeRecordSchema) as NoticeRecord;
const readAt = '2026-11-20T08:00:00.000Z';

@Injectable()
class MappingCommands {
  @HandleCommand(createField)
  async create(input: InputOf<typeof createField>, _context: CommandContext): Promise<ResultOf<typeof createField>> {
    await stored().insertOne({ _id: input.variable, ...input, builtIn: false });
    return { field: input };
  }

  @HandleCommand(updateField)
  async update(
    { variable, ...change }: InputOf<typeof updateField>,
    _context: CommandContext,
  ): Promise<ResultOf<typeof updateField>> {
    if (variable === 'email') throw new AppError('field-built-in', 'Built in fields stay as they are.');
    await stored().updateOne({ _id: variable }, { $set: change });
    return { field: (await stored().findOne({ _id: variable }))! };
  }
}

@Injectable()
class NotifierCommands {
  @HandleCommand(markNoticeRead)
  async read(
    { id }: InputOf<typeof markNoticeRead>,
    _context: CommandContext,
  ): Promise<ResultOf<typeof markNoticeRead>> {
    await gateway.environment.databases.collection(notices).updateOne({ _id: id }, { $set: { readAt } });
    return { notice: { ...noticeRecord, id, readAt } };
  }
}

@Module({ providers: [MappingCommands] })
class MappingModule {}

@Module({ providers: [NotifierCommands] })
class NotifierModule {}

const costCentre = {
  variable: 'cost_centre',
  label: 'Cost centre',
  type: 'short-text',
  unique: false,
  required: false,
};

beforeAll(async () => {
  gateway = await GatewayUnderTest.start({ ROLLCALL_COMMAND_WAIT_MS: '300' });
  const { id: _, ...notice } = { ...noticeRecord, readAt: null };
  const { databases } = gateway.environment;
  await databases.ensure('mapping');
  await databases.ensure('notifier');
  await databases.collection(notices).insertOne({ _id: 'notice-1', ...notice, incident: 'one' } as never);
  await stored().insertOne({ _id: 'floor', ...costCentre, variable: 'floor', type: 'short-text', builtIn: false });
  await gateway.as('get', '/notices/notice-1').expect(200);
  await gateway.as('get', '/people-fields/floor').expect(200);
}, 90_000);
afterAll(async () => gateway?.stop(), 60_000);

const ask = (method: Method, path: string, requestId: string, body?: object) =>
  gateway.as(method, path).set('x-request-id', requestId).send(body).expect(202);
const eventsOf = async (requestId: string) => {
  const query = { filter: `requestId eq "${requestId}"` };
  return ((await gateway.as('get', '/audit-events').query(query).expect(200)).body as Page<AuditEvent>).items;
};
const completed = async (requestId: string): Promise<AuditEvent> => {
  await waitFor('the audit to be completed', async () => (await eventsOf(requestId)).length === 2, 60_000);
  return (await eventsOf(requestId)).find(({ status }) => status !== 202)!;
};

describe('the audit of what was answered with 202', () => {
  it('tells what it changed once its owner has done it, and what came of it when it was refused', async () => {
    await ask('post', '/people-fields', 'later-0001', costCentre);
    await ask('patch', '/people-fields/floor', 'later-0002', { label: 'Storey' });
    await ask('patch', '/people-fields/email', 'later-0003', { label: 'Mail' });
    await ask('post', '/notices/notice-1/read', 'later-0004');
    expect(await eventsOf('later-0002')).toEqual([expect.objectContaining({ status: 202, changes: null })]);
    await gateway.startOwner('mapping', MappingModule);
    await gateway.startOwner('notifier', NotifierModule);
    expect(await completed('later-0001')).toMatchObject({
      operation: 'createPeopleField',
      object: 'people-fields/cost_centre',
      status: 201,
      actor: expect.stringMatching(/^api-key:/),
      address: expect.stringContaining('127.0.0.1'),
      changes: [{ pointer: '', from: null, to: expect.objectContaining(costCentre) }],
    });
    expect(await completed('later-0002')).toMatchObject({
      object: 'people-fields/floor',
      status: 200,
      changes: [{ pointer: '/label', from: 'Cost centre', to: 'Storey' }],
    });
    expect(await completed('later-0003')).toMatchObject({ status: 409, changes: null });
    expect(await completed('later-0004')).toMatchObject({
      object: 'notices/notice-1/read',
      status: 200,
      changes: [{ pointer: '/readAt', from: null, to: readAt }],
    });
    const { body } = await gateway.as('get', '/audit-events/verification').expect(200);
    expect(body).toMatchObject({ broken: 0 });
  }, 120_000);
});

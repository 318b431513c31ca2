import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Injectable, Module } from '@nestjs/common';
import { auditEvents, runs } from '@rollcall/collections';
import {
  AppError,
  createWorkflow,
  type InputOf,
  launchIntegration,
  type Operation,
  previewUndo,
  protectAccount,
  type ResultOf,
  startRun,
  undoRun,
  updateIntegration,
  type WorkflowRecord,
} from '@rollcall/contracts';
import { type CommandContext, HandleCommand } from '@rollcall/messaging';
import { waitFor } from '@rollcall/testing';

import { GatewayUnderTest } from './gateway-under-test.js';
import { buildRun } from './records.js';

let workflowsMade = 0;

@Injectable()
class WorkflowCommands {
  @HandleCommand(createWorkflow)
  async create(input: InputOf<typeof createWorkflow>, _context: CommandContext): Promise<{ workflow: WorkflowRecord }> {
    workflowsMade += 1;
    if (input.name === 'Invalid') throw new AppError('workflow-invalid', 'Block a names no credential. Choose one.');
    const now = new Date().toISOString();
    return { workflow: { ...input, version: 1, state: 'draft', activeVersion: null, createdAt: now, updatedAt: now } };
  }
}

/** What the owner was told, to compare with what the client sent. */
const seen: { input: unknown; context: Omit<CommandContext, 'session' | 'afterCommit'> }[] = [];

@Injectable()
class SyncRunnerCommands {
  @HandleCommand(startRun)
  async startRun({ integration }: InputOf<typeof startRun>, { id, actor, sender, correlationId }: CommandContext) {
    seen.push({ input: { integration }, context: { id, actor, sender, correlationId } });
    if (integration === 'busy')
      throw new AppError('run-still-open', 'Run 7 is still open. Wait for its end, or cancel it.');
    return { run: buildRun({ id: 'run-1', integration }) };
  }

  /** What mapping makes of it comes later: the run tells it then. */
  @HandleCommand(undoRun)
  async undo({ run, pause }: InputOf<typeof undoRun>, _context: CommandContext): Promise<ResultOf<typeof undoRun>> {
    if (run === 'run-undone') throw new AppError('run-already-undone', 'Run run-undone was undone already.');
    const request = { requestedBy: 'ada', requestedAt: '2026-11-20T08:00:00.000Z', paused: pause, afterwards: 'Mind.' };
    const undone = { ...request, doneAt: null, counts: null };
    const { id: _id, ...record } = buildRun({ id: run, state: 'completed', undone });
    const runDocuments = gateway.environment.databases.collection(runs);
    await runDocuments.insertOne({ _id, ...record } as never);
    const done = { 'undone.doneAt': '2026-11-20T08:00:01.000Z', 'undone.counts': undoCounts };
    setTimeout(() => void runDocuments.updateOne({ _id }, { $set: done }), 300);
    return { run: buildRun({ id: run, state: 'completed', undone }) };
  }

  @HandleCommand(launchIntegration)
  async launch(
    _input: InputOf<typeof launchIntegration>,
    _context: CommandContext,
  ): Promise<ResultOf<typeof launchIntegration>> {
    throw new AppError('integration-not-ready', 'It has no credential. Choose one.');
  }

  @HandleCommand(updateIntegration)
  async update(
    input: InputOf<typeof updateIntegration>,
    _context: CommandContext,
  ): Promise<ResultOf<typeof updateIntegration>> {
    seen.push({ input, context: { id: '', actor: '', sender: '', correlationId: '' } });
    throw new AppError('version-conflict', 'Somebody else changed it.');
  }
}

@Injectable()
class MappingCommands {
  @HandleCommand(protectAccount)
  async protect({ account, protected: isProtected }: InputOf<typeof protectAccount>, _context: CommandContext) {
    return { account, protected: isProtected, revision: 5 };
  }

  @HandleCommand(previewUndo)
  async previewUndo(
    { run }: InputOf<typeof previewUndo>,
    _context: CommandContext,
  ): Promise<ResultOf<typeof previewUndo>> {
    return { ...foreseen, run };
  }
}

const undoCounts = {
  restored: 2,
  unlinked: 0,
  takenBack: 1,
  reactivated: 0,
  deactivated: 0,
  skipped: 0,
  conflicts: 1,
};
const nobody = { count: 0, samples: [] };
const foreseen: ResultOf<typeof previewUndo> = {
  run: 'run-1',
  integration: 'int-1',
  isComplete: true,
  accounts: 3,
  restored: { count: 2, samples: ['ada', 'bo'] },
  unlinked: nobody,
  takenBack: nobody,
  reactivated: nobody,
  deactivated: nobody,
  people: { reactivated: nobody, deactivated: nobody, undone: nobody },
  left: [{ reason: 'changed-since', count: 1, samples: ['cy'] }],
  afterwards: 'Mind.',
};

@Module({ providers: [WorkflowCommands] })
class WorkflowModule {}
@Module({ providers: [SyncRunnerCommands] })
class SyncRunnerModule {}
@Module({ providers: [MappingCommands] })
class MappingModule {}

let gateway: GatewayUnderTest;
beforeAll(async () => {
  gateway = await GatewayUnderTest.start({ ROLLCALL_COMMAND_WAIT_MS: '5000' });
  await gateway.startOwner('sync-runner', SyncRunnerModule);
  await gateway.startOwner('mapping', MappingModule);
}, 90_000);
afterAll(async () => gateway?.stop(), 60_000);

describe('an undo', () => {
  it('is previewed by mapping, which knows the records', async () => {
    const { body } = await gateway.as('post', '/runs/run-1/undo-preview').expect(200);
    expect(body).toEqual(foreseen);
  });

  it('answers with what came of it once that is known, and takes a pause along', async () => {
    const { body } = await gateway.as('post', '/runs/run-7/undo').send({ pause: true }).expect(200);
    expect(body).toMatchObject({ id: 'run-7', undone: { paused: true, counts: undoCounts, afterwards: 'Mind.' } });
    await gateway.as('post', '/runs/run-8/undo').send({ paused: true }).expect(400);
  });

  it('of a run that was undone before is refused', async () => {
    const { body } = await gateway.as('post', '/runs/run-undone/undo').expect(409);
    expect(body).toMatchObject({ code: 'run-already-undone' });
  });
});

describe('a command', () => {
  it('reaches its owner with the actor and the request id, and its result is the answer', async () => {
    const { body, headers } = await gateway
      .as('post', '/integrations/int-1/runs')
      .set('x-request-id', 'request-of-test')
      .expect(201);
    expect(body).toMatchObject({ id: 'run-1', integration: 'int-1', state: 'planned' });
    expect(headers['location']).toBe('/api/v1/runs/run-1');
    expect(seen.at(-1)).toMatchObject({
      input: { integration: 'int-1' },
      context: { actor: expect.stringMatching(/^api-key:/), sender: 'gateway', correlationId: 'request-of-test' },
    });
  });

  it('that its owner refuses has the status of the reason and the words of the owner', async () => {
    const busy = await gateway.as('post', '/integrations/busy/runs').expect(409);
    expect(busy.body).toMatchObject({
      code: 'run-still-open',
      detail: 'Run 7 is still open. Wait for its end, or cancel it.',
    });
    await gateway.as('post', '/integrations/int-1/launch').expect(422);
  });

  it('leaves its id, actor and status in the audit, and nothing of its body', async () => {
    const requestId = 'audit-of-command';
    await gateway.as('post', '/integrations/busy/runs').set('x-request-id', requestId).expect(409);
    const audits = await gateway.environment.databases.collection(auditEvents).find({ requestId }).toArray();
    expect(audits).toEqual([
      expect.objectContaining({
        operation: 'startRun',
        object: 'integrations/busy/runs',
        command: seen.at(-1)!.context.id,
        status: 409,
        actor: seen.at(-1)!.context.actor,
      }),
    ]);
  });

  it('carries the version of If-Match, and a conflict is 412', async () => {
    const { body } = await gateway.as('patch', '/integrations/int-1').send({ name: 'New' }).expect(428);
    expect(body).toMatchObject({ code: 'precondition-required' });
    await gateway.as('patch', '/integrations/int-1').set('if-match', '"4"').send({ name: 'New' }).expect(412);
    expect(seen.at(-1)!.input).toEqual({ id: 'int-1', ifVersion: 4, name: 'New' });
  });

  it('takes ids that hold any character', async () => {
    const id = 'int-1:a/b?c#d%é@example.com';
    const { body } = await gateway
      .as('put', `/accounts/${encodeURIComponent(id)}/protection`)
      .send({ protected: true })
      .expect(200);
    expect(body).toEqual({ account: id, protected: true, revision: 5 });
  });
});

describe('a command whose owner is away (F3)', () => {
  const definition = {
    begin: { trigger: 'saas-user.deactivated', app: 'app-1', includeInitial: false },
    blocks: [{ id: 'a', kind: 'api', connector: 'some', preset: 'delete', credential: 'c', inputs: {} }],
  };
  const post = (name: string) =>
    gateway.as('post', '/workflows').set('idempotency-key', `workflow-${name}`).send({ name, definition });
  const look = async (path: string) =>
    (await gateway.as('get', path.replace('/api/v1', '')).expect(200)).body as Operation;

  it('is answered with 202, found pending, and done once the owner is back; a repetition gets the result', async () => {
    const valid = await post('Valid').expect(202);
    const invalid = await post('Invalid').expect(202);
    const { location } = valid.headers;
    expect(location).toMatch(/^\/api\/v1\/operations\/workflow\.gateway-[0-9a-f]+$/);
    expect(valid.body).toMatchObject({ state: 'pending', type: 'workflow.create', result: null });
    expect((await look(location!)).state).toBe('pending');

    await gateway.startOwner('workflow', WorkflowModule);
    const done = await waitFor('the workflow is made', async () => {
      const operation = await look(location!);
      return operation.state === 'done' && operation;
    });
    expect(done.result).toMatchObject({ workflow: { name: 'Valid', state: 'draft' } });
    const refused = await waitFor('the other one is refused', async () => {
      const operation = await look(invalid.headers['location']!);
      return operation.state === 'refused' && operation;
    });
    expect(refused.error).toEqual({ code: 'workflow-invalid', message: 'Block a names no credential. Choose one.' });

    const made = workflowsMade;
    const again = await post('Valid').expect(201);
    expect(again.body).toMatchObject({ name: 'Valid', id: (done.result as { workflow: WorkflowRecord }).workflow.id });
    await post('Invalid').expect(422);
    expect(workflowsMade).toBe(made);
  }, 60_000);

  it('is seen by the key that sent it and by administrators only', async () => {
    const writer = await gateway.keyWith('read', 'write');
    const other = await gateway.keyWith('read');
    const admin = await gateway.keyWith('read', 'admin');
    const { databases } = gateway.environment;
    const sent = await gateway.as('post', '/workflows', writer).send({ name: 'Mine', definition }).expect(201);
    expect(sent.body).toMatchObject({ name: 'Mine' });
    const { operations } = await import('@rollcall/collections');
    const mine = (await databases.collection(operations).findOne({}))!;
    await gateway.as('get', `/operations/${mine._id}`, admin).expect(200);
    const hidden = await gateway.as('get', `/operations/${mine._id}`, other).expect(404);
    const missing = await gateway.as('get', '/operations/workflow.gateway-0', other).expect(404);
    expect((hidden.body as { code: string }).code).toBe((missing.body as { code: string }).code);
  });

  it('is said never to happen when nothing was heard long after its deadline (F2)', async () => {
    const { operations } = await import('@rollcall/collections');
    const { databases } = gateway.environment;
    const actor = seen[0]!.context.actor;
    const past = new Date(Date.now() - 10 * 60_000);
    const rest = {
      owner: 'workflow',
      type: 'workflow.create',
      actor,
      bodyDigest: 'x',
      deadline: past,
      createdAt: past,
    };
    await databases
      .collection(operations)
      .insertOne({ _id: 'workflow.gateway-lost', command: 'gateway-lost', ...rest });
    expect((await look('/operations/workflow.gateway-lost')).state).toBe('never');
  });
});

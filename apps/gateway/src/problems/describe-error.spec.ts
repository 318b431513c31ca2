import { describe, expect, it } from '@jest/globals';
import { BadRequestException, NotFoundException } from '@nestjs/common';
import { AppError } from '@rollcall/contracts';
import type { Request } from 'express';
import { MongoServerSelectionError } from 'mongodb';

import { CommandRefused } from '../commands/command-refused.js';
import { gatewayCommands } from '../commands/gateway-commands.js';
import { GatewayError, gatewayErrorCodes, TooManyRequests } from '../gateway.errors.js';
import { defineOperation } from '../http/operation.js';
import { startRequest } from '../http/request-state.js';
import { describeError } from './describe-error.js';
import { statusOfCode } from './problem-status.js';

defineOperation({ id: 'specThing', method: 'GET', path: '/spec-things/:id', tag: 'spec', summary: 'For this test.' });

function requestTo(path: string, method = 'GET'): Request {
  const request = { path, method, originalUrl: `${path}?cursor=abc` } as Request;
  startRequest(request, 'request-1');
  return request;
}
const problemOf = (error: unknown, request = requestTo('/api/v1/runs')) => describeError(error, request).problem;

describe('the problem document of an error', () => {
  it('has every member of RFC 9457, the request id, and the single faults', () => {
    const fault = { pointer: '/name', message: 'is missing' };
    expect(problemOf(new GatewayError('invalid-request', 'The request has a fault.', [fault]))).toEqual({
      type: 'urn:rollcall:problem:invalid-request',
      title: 'Invalid request',
      status: 400,
      code: 'invalid-request',
      detail: 'The request has a fault.',
      instance: '/api/v1/runs',
      requestId: 'request-1',
      errors: [fault],
    });
  });

  it.each([
    ['integration-not-found', 404],
    ['version-conflict', 412],
    ['name-taken', 409],
    ['run-still-open', 409],
    ['invalid-schedule', 422],
    ['integration-not-ready', 422],
    ['a-reason-of-a-newer-owner', 422],
  ])('of a command refused for %s has the status %i and the words of the owner', (code, status) => {
    expect(problemOf(new CommandRefused(code, 'Because of this.', {}))).toMatchObject({
      code,
      status,
      detail: 'Because of this.',
    });
  });

  it('has a status for every code of every command that the gateway sends, and of the gateway itself', () => {
    const codes = [...gatewayCommands.flatMap(({ errors }) => [...errors]), ...gatewayErrorCodes];
    expect(codes.filter((code) => statusOfCode(code) === null)).toEqual([]);
  });

  it('says that the database is away, and not that the gateway failed', () => {
    const away = new MongoServerSelectionError('connect ECONNREFUSED 10.0.0.1:27017', {} as never);
    const problem = problemOf(away);
    expect(problem).toMatchObject({ code: 'database-unreachable', status: 503 });
    expect(problem.detail).not.toContain('10.0.0.1');
  });

  it('tells a wrong path from a wrong method, which names the right ones', () => {
    const raised = new NotFoundException('Cannot POST');
    expect(problemOf(raised, requestTo('/api/v1/nowhere'))).toMatchObject({ status: 404, code: 'not-found' });
    const wrongMethod = describeError(raised, requestTo('/api/v1/spec-things/7', 'POST'));
    expect(wrongMethod.problem).toMatchObject({ status: 405, code: 'method-not-allowed' });
    expect(wrongMethod.headers).toEqual({ allow: 'GET' });
  });

  it('never shows texts that are not ours, because a parser quotes the secret that it stumbled over (N8)', () => {
    const quoted = 'Unexpected token, ..."example-secret"... is not valid JSON';
    const errors = [
      new BadRequestException(quoted),
      new Error(quoted),
      new AppError('code-of-nobody', quoted),
      quoted,
      null,
    ];
    for (const error of errors) expect(JSON.stringify(problemOf(error))).not.toContain('example-secret');
    expect(errors.map((error) => problemOf(error).status)).toEqual([400, 500, 500, 500, 500]);
  });

  it('says when the next request is taken, in the way that clients understand', () => {
    const { problem, headers } = describeError(new TooManyRequests('Wait.', 7), requestTo('/api/v1/runs'));
    expect(problem).toMatchObject({ status: 429, code: 'too-many-requests', detail: 'Wait.' });
    expect(headers).toEqual({ 'retry-after': '7' });
  });

  it('asks for a key the way HTTP wants it', () => {
    const { headers, problem } = describeError(
      new GatewayError('unauthenticated', 'Send a key.'),
      requestTo('/api/v1/runs'),
    );
    expect(problem.status).toBe(401);
    expect(headers).toEqual({ 'www-authenticate': 'Bearer realm="rollcall"' });
  });
});

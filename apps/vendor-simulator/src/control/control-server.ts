import type { IncomingMessage, RequestListener } from 'node:http';

import { z, ZodError } from 'zod';

import type { Mutation } from '../company/mutations.js';
import type { FaultPlan } from '../faults/fault.js';
import { readBody } from '../http/read-body.js';
import { SimulatorError, type SimulatorErrorCode } from '../simulator.errors.js';
import type { Control, SettingsChange } from './control.js';

interface ControlRequest {
  readonly query: URLSearchParams;
  readonly body: unknown;
}

type Route = (control: Control, request: ControlRequest) => unknown;

/** Bodies are parsed by the operations themselves. */
const ROUTES: Readonly<Record<string, Route>> = {
  'GET /healthz': () => ({ status: 'ok' }),
  'GET /faults': (control) => ({ faults: control.faults() }),
  'POST /faults': (control, { body }) => ({ faults: control.addFaults(listOf(body) as FaultPlan[]) }),
  'DELETE /faults': (control) => {
    control.clearFaults();
    return { faults: [] };
  },
  'POST /advance-day': (control) => control.advanceDay(),
  'GET /company': (control) => control.company(),
  'GET /company/raw': (control, { query }) => ({ accounts: control.rawAccounts(query.get('vendor') ?? '') }),
  'POST /company/mutations': (control, { body }) => ({ changes: control.mutate(listOf(body) as Mutation[]) }),
  'GET /ledger': (control, { query }) => ({ entries: control.ledger(sinceSchema.parse(query.get('since') ?? 0)) }),
  'GET /settings': (control) => control.settings(),
  'POST /settings': (control, { body }) => control.settings(body as SettingsChange),
};

const sinceSchema = z.coerce.number().int().min(0);

const STATUS: Readonly<Record<SimulatorErrorCode, number>> = {
  'invalid-request': 400,
  'unknown-vendor': 404,
  'unknown-account': 404,
  'not-found': 404,
  'company-too-small': 409,
};

/** JSON in, JSON out; errors are `{code, message}`. */
export function controlListener(control: Control): RequestListener {
  return (request, response) => {
    const reply = (status: number, value: unknown) => {
      response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(value));
    };
    answer(control, request).then(
      (value) => reply(200, value),
      (error: unknown) => reply(...failure(error)),
    );
  };
}

async function answer(control: Control, request: IncomingMessage): Promise<unknown> {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://simulator.test');
  const name = `${request.method} ${pathname}`;
  const route = Object.hasOwn(ROUTES, name) ? ROUTES[name] : undefined;
  if (!route) {
    throw new SimulatorError('not-found', `There is no ${name} here. Use one of: ${Object.keys(ROUTES).join(', ')}.`);
  }
  return route(control, { query: searchParams, body: parse(await readBody(request)) });
}

function parse(text: string): unknown {
  if (text === '') return {};
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new SimulatorError('invalid-request', `The body is not JSON (${String(cause)}). Send a JSON object or list.`);
  }
}

/** One object or a list of them. */
function listOf(body: unknown): unknown[] {
  return Array.isArray(body) ? body : [body];
}

function failure(error: unknown): [number, { code: string; message: string }] {
  if (error instanceof SimulatorError) return [STATUS[error.code], { code: error.code, message: error.message }];
  if (error instanceof ZodError) {
    return [400, { code: 'invalid-request', message: `The request has a wrong form. ${z.prettifyError(error)}` }];
  }
  return [500, { code: 'internal', message: String(error) }];
}

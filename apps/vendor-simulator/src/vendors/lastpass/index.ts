import { z } from 'zod';

import type { Call, Vendor, VendorApi, VendorContext, VendorRequest } from '../vendor.js';
import { accountShape } from './account-shape.js';
import { COMMANDS } from './commands.js';
import { getUserData, parseUserDataQuery } from './get-user-data.js';
import { authError, fail, failure } from './replies.js';

export interface LastpassCredentials extends Readonly<Record<string, string>> {
  readonly cid: string;
  readonly provhash: string;
}

/** Company id as a number or a string: both are accepted. */
const bodySchema = z.object({
  cid: z.union([z.number(), z.string()]).transform(String),
  provhash: z.string(),
  cmd: z.string(),
  data: z.unknown().optional(),
});

const PATH = '/enterpriseapi.php';

/** LastPass enterprise API: one URL, the command and both secrets in the body, an Authorization header is ignored. */
export const lastpass: Vendor<LastpassCredentials> = {
  id: 'lastpass',
  defaultCredentials: { cid: '12345678', provhash: 'test-provisioning-hash' },
  shape: accountShape,
  createApi: (context): VendorApi => ({
    understand: (request) => understand(context, request),
    authError,
    failure,
  }),
};

function understand(context: VendorContext<LastpassCredentials>, request: VendorRequest): Call {
  const other = { operation: 'other', authOk: true, safeQuery: '' } as const;
  if (request.path !== PATH) return { ...other, command: 'unknown path', execute: () => failure(404) };
  const body = parseBody(request.body);
  const { cid, provhash } = context.credentials;
  if (body?.cid !== cid || body.provhash !== provhash) {
    return { ...other, command: knownCommand(body?.cmd), authOk: false, execute: authError };
  }
  return body.cmd === 'getuserdata' ? readCall(context, body.data) : actionCall(context, body.cmd, body.data);
}

function readCall({ directory }: VendorContext<LastpassCredentials>, data: unknown): Call {
  const query = parseUserDataQuery(data);
  const isOne = query?.username !== undefined;
  return {
    operation: isOne ? 'get' : 'list',
    command: 'getuserdata',
    page: isOne ? undefined : (query?.pageindex ?? 0) + 1,
    target: query?.username,
    authOk: true,
    safeQuery: '',
    execute: (bend) => getUserData(directory, query, bend),
  };
}

function actionCall(context: VendorContext<LastpassCredentials>, cmd: string, data: unknown): Call {
  const command = Object.hasOwn(COMMANDS, cmd) ? COMMANDS[cmd] : undefined;
  return {
    operation: command ? 'action' : 'other',
    command: command ? cmd : 'unknown command',
    target: targetOf(data),
    authOk: true,
    safeQuery: '',
    execute: () => (command ? command(context, data) : fail(`Unknown command: ${cmd}`)),
  };
}

/** A stranger's text is not written to the ledger. */
function knownCommand(cmd: string | undefined): string {
  return cmd !== undefined && (cmd === 'getuserdata' || Object.hasOwn(COMMANDS, cmd)) ? cmd : 'unknown command';
}

function targetOf(data: unknown): string | undefined {
  if (Array.isArray(data)) return data.map((one) => targetOf(one) ?? String(one)).join(' ');
  return z.object({ username: z.string() }).safeParse(data).data?.username;
}

/** JSON, or a form as PHP reads it: older clients send one. Without readable credentials they are taken for wrong ones. */
function parseBody(text: string): z.output<typeof bodySchema> | null {
  return bodySchema.safeParse(parsed(text) ?? formOf(text)).data ?? null;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function formOf(text: string): Record<string, unknown> {
  const form: Record<string, unknown> = Object.fromEntries(new URLSearchParams(text));
  return typeof form['data'] === 'string' ? { ...form, data: parsed(form['data']) } : form;
}

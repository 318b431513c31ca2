import type { Effect, Reply } from '../vendor.js';

const HEADERS = { 'content-type': 'application/json; charset=utf-8', server: 'lever-data-api' };

export function jsonText(body: string, effects?: readonly Effect[], status = 200): Reply {
  return { status, headers: HEADERS, body, effects };
}

export function json(value: unknown, effects?: readonly Effect[], status = 200): Reply {
  return jsonText(JSON.stringify(value), effects, status);
}

const error = (status: number, code: string, message: string): Reply => json({ code, message }, [], status);

export const authError = (): Reply => error(401, 'UnauthorizedError', 'The request requires authentication.');
export const badRequest = (message: string): Reply => error(400, 'BadRequestError', message);
export const notFound = (what: string): Reply => error(404, 'ResourceNotFound', `${what} was not found`);

const FAILURES: Readonly<Record<number, readonly [code: string, message: string]>> = {
  403: ['ForbiddenError', 'The key does not have the permission for this request.'],
  429: ['TooManyRequestsError', 'Too many requests.'],
  503: ['ServiceUnavailableError', 'The service is not available.'],
};

export function failure(status: number): Reply {
  if (status === 401) return authError();
  const [code, message] = FAILURES[status] ?? ['InternalServerError', 'An error occurred.'];
  return error(status, code, message);
}

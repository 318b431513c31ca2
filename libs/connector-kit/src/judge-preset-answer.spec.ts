import { describe, expect, it } from '@jest/globals';
import { type Preset } from '@rollcall/contracts';

import { describeVendorError } from './describe-vendor-error.js';
import { judgeAnswer, outcomeOfFailure } from './judge-preset-answer.js';
import { VendorError } from './vendor-error.js';

const preset: Pick<Preset, 'rules' | 'messagePaths'> = {
  messagePaths: ['error', 'detail.message'],
  rules: [
    { status: [200], field: { path: 'status', equals: ['FAIL'] }, text: ['no such user'], outcome: 'already-gone' },
    { status: [200], field: { path: 'status', equals: ['OK'] }, outcome: 'done' },
    { status: [201], present: 'user._id', outcome: 'done' },
    { status: [204], outcome: 'done' },
    { status: [404], field: { path: 'errors[0].code', equals: ['no_user'] }, outcome: 'already-gone' },
    { status: [404], present: 'errors[0]["http-code"]', outcome: 'refused' },
    { status: [409], outcome: 'refused' },
  ],
};
const judge = (status: number, body: unknown) =>
  judgeAnswer(preset, { status, text: typeof body === 'string' ? body : JSON.stringify(body) });

describe('judgeAnswer', () => {
  it.each<[number, unknown, string, string | null]>([
    [200, { status: 'ok' }, 'done', null],
    [200, { status: 'FAIL', error: 'No such user: a@example.com' }, 'already-gone', 'No such user: a@example.com'],
    [200, { status: 'fail', error: ['NO SUCH USER'] }, 'already-gone', 'NO SUCH USER'],
    [200, { status: 'FAIL', error: 'limit' }, 'unknown', 'limit'],
    [200, { status: ['OK'] }, 'unknown', null],
    [201, { user: { _id: 'x' } }, 'done', null],
    [201, { user: {} }, 'unknown', null],
    [204, '', 'done', null],
    [204, 'plain words', 'done', null],
    [409, 'no json', 'refused', null],
    [409, { detail: { message: 'is a manager' } }, 'refused', 'is a manager'],
    [409, '"is a manager"', 'refused', 'is a manager'],
    [204, '<html>Sign in</html>', 'unknown', null],
    [409, ' <html></html>', 'unknown', null],
    [404, { errors: [{ code: 'NO_USER' }] }, 'already-gone', null],
    [404, { errors: [{ 'http-code': 404 }] }, 'refused', null],
    [404, { errors: [] }, 'unknown', null],
    [500, { status: 'OK' }, 'unknown', null],
  ])('judges %d %j as %s', (status, body, outcome, message) => {
    expect(judge(status, body)).toEqual({ outcome, message });
  });

  it('cuts long words', () => {
    expect(judge(409, { error: 'x'.repeat(5000) }).message).toHaveLength(300);
  });
});

describe('failures of calls that act (P15)', () => {
  it.each([
    ['vendor-auth-rejected', 'refused'],
    ['vendor-forbidden', 'refused'],
    ['vendor-rate-limited', 'refused'],
    ['vendor-timeout', 'unknown'],
    ['vendor-unreachable', 'unknown'],
    ['vendor-unavailable', 'unknown'],
    ['vendor-answer-cut', 'unknown'],
    ['vendor-redirected', 'unknown'],
  ] as const)('takes %s for %s', (code, outcome) => {
    expect(outcomeOfFailure(new VendorError(code, 'x'))).toBe(outcome);
  });
});

describe('describeVendorError', () => {
  it('adds what to do', () => {
    const error = new VendorError('vendor-auth-rejected', 'Example refused the credential (status 401).');
    expect(describeVendorError(error)).toBe(
      'Example refused the credential (status 401). Enter the secret again and test it (POST /credentials/{id}/test).',
    );
  });
});

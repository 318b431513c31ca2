import type { PagingErrorCode } from '@rollcall/collections';
import type { ErrorCodeOf } from '@rollcall/contracts';

import type { GatewayCommand } from '../commands/gateway-commands.js';
import type { GatewayErrorCode } from '../gateway.errors.js';

/** Codes that the command machinery itself gives (protocol F). */
type CommandErrorCode = 'invalid-input' | 'idempotency-key-reused';

type KnownCode = GatewayErrorCode | PagingErrorCode | CommandErrorCode | ErrorCodeOf<GatewayCommand>;

/**
 * HTTP status of every error code that can reach a client: the one place where it is decided. The compiler refuses a
 * code of a command that is missing here.
 */
const statuses: Readonly<Record<KnownCode, number>> = {
  'invalid-request': 400,
  'malformed-body': 400,
  'invalid-secret': 422,
  'authorization-refused': 422,
  'no-authorization-code': 422,
  'invalid-cursor': 400,
  'invalid-fields': 400,
  'invalid-filter': 400,
  'invalid-sort': 400,
  'not-from-an-index': 400,
  unauthenticated: 401,
  'sign-in-refused': 401,
  'refresh-token-reused': 401,
  'csrf-token-missing': 403,
  'missing-scope': 403,
  'session-needed': 403,
  'approval-needs-another-person': 403,
  'not-found': 404,
  'link-not-valid': 404,
  'authorization-unknown': 404,
  'single-sign-on-off': 404,
  'account-not-found': 404,
  'credential-not-found': 404,
  'entry-not-found': 404,
  'held-plan-not-found': 404,
  'integration-not-found': 404,
  'notice-not-found': 404,
  'people-plan-not-found': 404,
  'person-not-found': 404,
  'run-not-found': 404,
  'workflow-not-found': 404,
  'method-not-allowed': 405,
  'administrator-exists': 409,
  'last-administrator': 409,
  'no-password': 409,
  'too-many-filterable-fields': 409,
  'too-many-keys': 409,
  'mail-not-available': 409,
  'operator-disabled': 409,
  'held-plan-changed': 409,
  'held-plan-decided': 409,
  'held-plan-expired': 409,
  'credential-in-use': 409,
  'app-linked': 409,
  'field-built-in': 409,
  'field-in-use': 409,
  'field-taken': 409,
  'id-taken': 409,
  'integration-not-active': 409,
  'integration-running': 409,
  'key-shown-once': 409,
  'key-taken': 409,
  'last-account': 409,
  'name-taken': 409,
  'people-plan-changed': 409,
  'people-plan-decided': 409,
  'people-plan-expired': 409,
  'people-plan-not-executed': 409,
  'person-erased': 409,
  'person-in-open-work': 409,
  'person-merged': 409,
  'person-still-active': 409,
  'person-still-listed': 409,
  'run-ended': 409,
  'run-not-ended': 409,
  'run-still-open': 409,
  'single-user-not-available': 409,
  'run-sweeping': 409,
  'run-changed-nothing': 409,
  'run-already-undone': 409,
  'not-a-preview': 409,
  'preview-not-complete': 409,
  'preview-expired': 409,
  'preview-outdated': 409,
  'data-keys-missing': 409,
  'key-encryption-key-missing': 409,
  'wrong-key-encryption-key': 409,
  'version-conflict': 412,
  'body-too-large': 413,
  'unsupported-media-type': 415,
  'app-not-found': 422,
  'app-not-linked': 422,
  'not-in-catalogue': 422,
  'credential-not-usable': 422,
  'credential-refused-by-vendor': 422,
  'host-needs-secret': 422,
  'host-not-allowed': 422,
  'idempotency-key-reused': 422,
  'integration-not-ready': 422,
  'inputs-refused-by-vendor': 422,
  'installation-not-allowed': 422,
  'invalid-input': 422,
  'invalid-inputs': 422,
  'invalid-schedule': 422,
  'mapping-invalid': 422,
  'missing-secret': 422,
  'same-person': 422,
  'too-many-accounts': 422,
  'unknown-auth-scheme': 422,
  'unknown-connector': 422,
  'unknown-field': 422,
  'unknown-load': 422,
  'unknown-secret': 422,
  'unreadable-secret': 422,
  'value-not-allowed': 422,
  'workflow-invalid': 422,
  'precondition-required': 428,
  'too-many-requests': 429,
  'provider-unavailable': 502,
  'token-unavailable': 503,
  'database-unreachable': 503,
  'key-provider-unavailable': 503,
  'outcome-unknown': 503,
  'query-too-slow': 503,
};

/** Status of a code; null for a code that no client should ever see. */
export function statusOfCode(code: string): number | null {
  return Object.hasOwn(statuses, code) ? statuses[code as KnownCode] : null;
}

/** `run-still-open` → "Run still open". */
export function titleOfCode(code: string): string {
  const words = code.replaceAll('-', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

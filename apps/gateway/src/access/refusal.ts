import { GatewayError } from '../gateway.errors.js';
import { openingOf, subjects } from './policy.js';

/** Says which right is missing, so that whoever gives rights knows what to give. */
export function refusal(operation: string | undefined): GatewayError {
  const scope = operation === undefined ? null : openingOf(operation);
  if (operation === undefined || scope === null) {
    return new GatewayError('missing-scope', 'This route is not open to anybody.');
  }
  const where = Object.hasOwn(subjects, operation) ? '' : ' for the whole installation';
  return new GatewayError(
    'missing-scope',
    `${operation} needs the scope "${scope}"${where}, which you do not have. Use another key, or ask an administrator for a key or a role with that scope.`,
  );
}

/** For what is open to whoever is signed in, and to no key. */
export const keyRefused = (operation: string): GatewayError =>
  new GatewayError(
    'session-needed',
    `${operation} is for people who are signed in, and this request came with an API key. Sign in: POST /api/v1/session.`,
  );

import { parseDocument } from 'yaml';

import { composeProblems, textProblems } from './compose-rules.mjs';

/**
 * A defect that each rule must find: what is replaced in the real file, by what, and words of the sentence about it.
 * @type {[RegExp, string, string][]}
 */
const DEFECTS = [
  [/\$\{ROLLCALL_PORT:-3000\}/, '${ROLLCALL_PORT:?set it}', 'must be set before any command'],
  [/\$\{ROLLCALL_PORT:-3000\}/, '3000', 'may be taken'],
  [/127\.0\.0\.1:\$\{ROLLCALL_MAIL_PORT/, '${ROLLCALL_MAIL_PORT', 'open to the network'],
  [/'<\/dev\/tcp\/127\.0\.0\.1\/27017'/, 'mongosh --eval 1', 'costly program'],
  [/timeout: 10s/, 'timeout: 5s', 'a busy machine'],
  [/disable: true/, 'retries: 3', 'disable its health check'],
  [/mapping-keys:\/keys:ro/, 'workflow-keys:/keys:ro', 'see the same keys'],
  [/gateway-keys:\/keys:ro/, 'gateway-keys:/keys', 'read-only'],
  [/ {6}- type: tmpfs\n {8}target: \/data\/configdb\n/, '', 'unnamed volume'],
  [/mem_limit: 1280m/, '', 'no mem_limit'],
  [/max-size: 10m/, 'mode: blocking', 'grows for ever'],
  [/condition: service_healthy/, 'condition: service_ready', 'unknown condition'],
  [/image: mongo:8/, 'image: mongo', 'names no version'],
  [/^ {2}notifier:$/m, '  notifications:', 'notifier is missing'],
];

/**
 * Sentences about rules that let their defect pass.
 * @param {string} text
 * @param {Parameters<typeof composeProblems>[1]} project
 */
export function blindRules(text, project) {
  return DEFECTS.flatMap(([what, by, words]) => {
    const defect = text.replace(what, by);
    if (defect === text) return [`the defect ${what} is not in docker-compose.yml any more; write another one.`];
    const found = [...textProblems(defect), ...composeProblems(parseDocument(defect, { merge: true }).toJS(), project)];
    return found.some((problem) => problem.includes(words)) ? [] : [`no rule found the defect ${what} → "${by}".`];
  });
}

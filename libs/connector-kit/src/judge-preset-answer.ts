import { type CallOutcome, type OutcomeRule, type Preset } from '@rollcall/contracts';

import { valueAt } from './record-path.js';
import { VendorError, type VendorErrorCode } from './vendor-error.js';
import { isJsonObject, parseVendorJson, textOrNull } from './vendor-json.js';

export interface Judgement {
  readonly outcome: CallOutcome;
  /** The vendor's own words where the preset says they stand, at most 300 characters. */
  readonly message: string | null;
}

interface Answer {
  readonly status: number;
  readonly text: string;
}

const longestMessage = 300;

function parsed(text: string): unknown {
  if (text.trim() === '') return null;
  try {
    return parseVendorJson(text, { recordDepth: 0 });
  } catch (error) {
    if (error instanceof VendorError) return null;
    throw error;
  }
}

function messageOf(body: unknown, paths: readonly string[]): string | null {
  const candidates = isJsonObject(body) ? paths.map((path) => valueAt(body, path)) : [body];
  for (const candidate of candidates) {
    const text = textOrNull(Array.isArray(candidate) ? candidate[0] : candidate);
    if (text !== null) return text.slice(0, longestMessage);
  }
  return null;
}

const sameText = (left: unknown, right: string): boolean => String(left).toLowerCase() === right.toLowerCase();

function fieldFits(rule: NonNullable<OutcomeRule['field']>, body: unknown): boolean {
  const value = valueAt(body, rule.path);
  return ['string', 'number', 'boolean'].includes(typeof value) && rule.equals.some((text) => sameText(value, text));
}

function fits(rule: OutcomeRule, status: number, body: unknown, message: string | null): boolean {
  if (rule.status !== undefined && !rule.status.includes(status)) return false;
  if (rule.field !== undefined && !fieldFits(rule.field, body)) return false;
  if (rule.present !== undefined && (valueAt(body, rule.present) ?? '') === '') return false;
  const words = message?.toLowerCase() ?? '';
  return rule.text === undefined || rule.text.some((text) => words.includes(text.toLowerCase()));
}

/**
 * What a vendor's answer to a preset's call means, by the preset's rules: the first that fits decides, none fits =
 * `unknown`. A body that is no JSON meets only rules about the status; a web page meets none, because it rather comes
 * from something between us and the vendor than from the vendor (V9).
 */
export function judgeAnswer(preset: Pick<Preset, 'rules' | 'messagePaths'>, answer: Answer): Judgement {
  if (answer.text.trimStart().startsWith('<')) return { outcome: 'unknown', message: null };
  const body = parsed(answer.text);
  const message = messageOf(body, preset.messagePaths);
  const rule = preset.rules.find((candidate) => fits(candidate, answer.status, body, message));
  return { outcome: rule?.outcome ?? 'unknown', message };
}

/** Failures by which the vendor, or our own guard, says that a call was not carried out. */
const notCarriedOut: ReadonlySet<VendorErrorCode> = new Set([
  'vendor-auth-rejected',
  'vendor-forbidden',
  'vendor-rate-limited',
  'vendor-foreign-cursor',
]);

/**
 * What a failure says about a call that acts. Everything in which the request may have arrived is `unknown`: read back
 * before anything else (P15). `vendor-rate-limited` is a refusal that may be tried again, see `retriable`.
 */
export function outcomeOfFailure(error: VendorError): CallOutcome {
  return notCarriedOut.has(error.code) ? 'refused' : 'unknown';
}

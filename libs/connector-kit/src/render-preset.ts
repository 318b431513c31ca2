import { createHash } from 'node:crypto';

import { type Preset } from '@rollcall/contracts';

import {
  checkTemplate,
  fillTemplate,
  parseTemplate,
  showsNothing,
  TemplateError,
  type TemplateVariables,
  valueRefused,
} from './template.js';
import { isPlainSegment } from './vendor-url.js';

/** A request ready for `VendorHttp`, still without authorization. */
export interface RenderedCall {
  readonly method: Preset['method'];
  /** Percent-encoded, below the vendor's base URL, without query. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly json: unknown;
  /** SHA-256 of all of the above, base64url: what an intent freezes. */
  readonly digest: string;
}

/** Templates of a block's inputs by name; a missing one takes the preset's default. */
export type InputTemplates = Readonly<Record<string, string>>;

interface Scope {
  readonly variables: TemplateVariables;
  /** Optional inputs that have no value here: what uses them is left out. */
  readonly absent: ReadonlySet<string>;
}

const headerName = /^[A-Za-z0-9-]{1,100}$/;
const headerValue = /^[\x20-\x7e]*$/;

function inputTemplate(input: Preset['inputs'][number], templates: InputTemplates): string {
  return (Object.hasOwn(templates, input.name) ? templates[input.name] : input.default) ?? '';
}

function isMissing(error: unknown): boolean {
  return error instanceof TemplateError && error.code === 'template-value-missing';
}

/** Values of the inputs. An input is a value from then on, not a template (single pass, P34). */
function scopeOf(preset: Preset, templates: InputTemplates, variables: TemplateVariables): Scope {
  const values: Record<string, unknown> = {};
  const absent = new Set<string>();
  for (const input of preset.inputs) {
    const template = inputTemplate(input, templates);
    if (showsNothing(template) && input.required) {
      throw new TemplateError(
        'template-value-missing',
        `${preset.name} needs "${input.label}", so nothing was sent. Fill it in the block.`,
        { details: { variable: input.name } },
      );
    }
    try {
      values[input.name] = fillTemplate(template, variables);
    } catch (error) {
      if (input.required || !isMissing(error)) throw error;
    }
    if (values[input.name] === undefined || values[input.name] === '') absent.add(input.name);
  }
  return { variables: { ...variables, ...values }, absent };
}

function isLeftOut(template: string, { absent }: Scope): boolean {
  return parseTemplate(template).some((part) => 'name' in part && absent.has(part.name));
}

/** Value that stands alone or within one path segment: it may not change how many segments there are (N5). */
function pathValue(value: string, name: string): string {
  let encoded: string;
  try {
    encoded = encodeURIComponent(value);
  } catch {
    throw valueRefused(name, 'is not valid text');
  }
  // The rest of the segment is checked below; a value alone may be "." only as part of a longer segment.
  if (!isPlainSegment(`x${encoded}`)) throw valueRefused(name, 'holds characters that are not allowed in an address');
  return encoded;
}

function renderPath(template: string, scope: Scope): string {
  const segments = template.slice(1).split('/');
  return segments
    .map((segment) => {
      const rendered = fillTemplate(segment, scope.variables, pathValue);
      if (isPlainSegment(rendered)) return `/${rendered}`;
      const name = parseTemplate(segment).find((part) => 'name' in part);
      throw valueRefused(name !== undefined && 'name' in name ? name.name : 'path', 'would change the address itself');
    })
    .join('');
}

function renderQuery(template: string, scope: Scope): Record<string, string> {
  const query: Record<string, string> = {};
  for (const pair of template.split('&').filter((text) => text !== '')) {
    const cut = pair.indexOf('=');
    const [name, value] = cut === -1 ? [pair, ''] : [pair.slice(0, cut), pair.slice(cut + 1)];
    if (!isLeftOut(value, scope)) query[fillTemplate(name, scope.variables)] = fillTemplate(value, scope.variables);
  }
  return query;
}

function renderHeaders(headers: Preset['headers'], scope: Scope): Record<string, string> {
  const safe = (value: string, name: string): string => {
    if (!headerValue.test(value)) throw valueRefused(name, 'holds characters that cannot travel in a header');
    return value;
  };
  const kept = Object.entries(headers).filter(([, template]) => !isLeftOut(template, scope));
  return Object.fromEntries(kept.map(([name, template]) => [name, fillTemplate(template, scope.variables, safe)]));
}

function renderJson(value: unknown, scope: Scope): unknown {
  if (typeof value === 'string') return fillTemplate(value, scope.variables);
  if (typeof value !== 'object' || value === null) return value;
  const isKept = (item: unknown): boolean => typeof item !== 'string' || !isLeftOut(item, scope);
  if (Array.isArray(value)) return value.filter(isKept).map((item) => renderJson(item, scope));
  const entries = Object.entries(value).filter(([, item]) => isKept(item));
  return Object.fromEntries(entries.map(([key, item]) => [key, renderJson(item, scope)]));
}

function splitPath(path: string): [path: string, query: string] {
  const cut = path.indexOf('?');
  return cut === -1 ? [path, ''] : [path.slice(0, cut), path.slice(cut + 1)];
}

/**
 * Fills a preset for one record. Each value is encoded for the place where it stands: one segment of the path, query,
 * header, or a string of the JSON body. The preset sees its own inputs first, then the record's variables.
 * @throws TemplateError `template-value-missing` or `template-value-refused`: the step is refused, nothing is sent.
 */
export function renderPreset(preset: Preset, inputs: InputTemplates, variables: TemplateVariables): RenderedCall {
  const scope = scopeOf(preset, inputs, variables);
  const [pathTemplate, queryTemplate] = splitPath(preset.path);
  const call = {
    method: preset.method,
    path: renderPath(pathTemplate, scope),
    query: renderQuery(queryTemplate, scope),
    headers: renderHeaders(preset.headers, scope),
    json: renderJson(preset.body, scope),
  };
  const digest = createHash('sha256').update(JSON.stringify(call)).digest('base64url');
  return { ...call, digest };
}

function bodyTemplates(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) return value.flatMap(bodyTemplates);
  const keys = Object.keys(value);
  if (keys.some((key) => key.includes('{{'))) {
    throw new TemplateError('template-malformed', 'A variable may be used in a value of the body, not in a name.');
  }
  return Object.values(value).flatMap(bodyTemplates);
}

/**
 * Everything that is wrong with a preset and a block's inputs, for the moment of saving (R104): grammar, unknown
 * variables, inputs that the preset does not have, required inputs left empty. Sentences for people; empty = fine.
 * @param isKnown says whether the record that the block runs on can have that variable.
 */
export function presetProblems(
  preset: Preset,
  inputs: InputTemplates,
  isKnown: (name: string) => boolean = () => true,
): string[] {
  const own = new Set(preset.inputs.map(({ name }) => name));
  const problems: string[] = [];
  const attempt = (place: string, check: () => void): void => {
    try {
      check();
    } catch (error) {
      if (!(error instanceof TemplateError)) throw error;
      problems.push(`${preset.name}, ${place}: ${error.message}`);
    }
  };
  for (const name of Object.keys(inputs).filter((input) => !own.has(input))) {
    problems.push(`${preset.name} has no input "${name}". Remove it.`);
  }
  for (const input of preset.inputs) {
    const template = inputTemplate(input, inputs);
    if (input.required && showsNothing(template)) problems.push(`${preset.name} needs "${input.label}". Fill it.`);
    attempt(input.label, () => checkTemplate(template, isKnown));
  }
  const isUsable = (name: string): boolean => own.has(name) || isKnown(name);
  attempt('URL', () => checkTemplate(preset.path, isUsable));
  for (const [name, template] of Object.entries(preset.headers)) {
    if (!headerName.test(name)) problems.push(`${preset.name}: "${name}" cannot be the name of a header. Rename it.`);
    attempt(`header ${name}`, () => checkTemplate(template, isUsable));
  }
  attempt('body', () => bodyTemplates(preset.body).forEach((template) => checkTemplate(template, isUsable)));
  return problems;
}

import { AppError, hasVisibleCharacter } from '@rollcall/contracts';

export type TemplateErrorCode =
  'template-malformed' | 'template-unknown-variable' | 'template-value-missing' | 'template-value-refused';

export class TemplateError extends AppError<TemplateErrorCode> {}

/** Literal text, or the look-up of a dotted name. */
export type TemplatePart = { readonly text: string } | { readonly name: string };

/** Nested records of plain values; only own properties are ever looked at. */
export type TemplateVariables = Readonly<Record<string, unknown>>;

const segment = '[A-Za-z_][A-Za-z0-9_-]{0,63}';
const variable = new RegExp(`^\\s*(${segment}(?:\\.${segment}){0,7})\\s*$`);
/** Own data never has these names; a look-up of them asks for the machinery of JavaScript (P34). */
const forbidden = new Set(['__proto__', 'constructor', 'prototype']);
const longestTemplate = 20_000;
const longestValue = 4096;

function malformed(message: string): TemplateError {
  return new TemplateError('template-malformed', message);
}

function variableName(inner: string): string {
  const name = variable.exec(inner)?.[1];
  if (name === undefined) {
    throw malformed(
      'Between {{ and }} stands one name, dots between its parts, such as {{email}} or {{accounts.app.id}}.',
    );
  }
  if (name.split('.').some((part) => forbidden.has(part))) {
    throw malformed('A variable may not be called __proto__, constructor or prototype. Choose a field of the record.');
  }
  return name;
}

/**
 * Cuts a template into text and names. The grammar is `{{dotted.name}}` and nothing else: no filters, no code.
 * @throws TemplateError `template-malformed` for a brace pair without partner or anything but a name inside.
 */
export function parseTemplate(template: string): TemplatePart[] {
  if (template.length > longestTemplate) {
    throw malformed(`The template is longer than ${longestTemplate} characters. Shorten it.`);
  }
  const parts: TemplatePart[] = [];
  let at = 0;
  while (at < template.length) {
    const open = template.indexOf('{{', at);
    const text = open === -1 ? template.slice(at) : template.slice(at, open);
    if (text.includes('}}')) throw malformed('There is a }} without its {{. Write a variable as {{name}}.');
    if (text !== '') parts.push({ text });
    if (open === -1) break;
    const close = template.indexOf('}}', open + 2);
    if (close === -1) throw malformed('There is a {{ without its }}. Write a variable as {{name}}.');
    parts.push({ name: variableName(template.slice(open + 2, close)) });
    at = close + 2;
  }
  return parts;
}

/**
 * Checks a template when it is saved.
 * @param isKnown says whether a name can have a value; without it only the grammar is checked.
 * @returns the names it looks up, each once, in order.
 * @throws TemplateError `template-malformed` or `template-unknown-variable`.
 */
export function checkTemplate(template: string, isKnown?: (name: string) => boolean): string[] {
  const names = parseTemplate(template).flatMap((part) => ('name' in part ? [part.name] : []));
  for (const name of names) {
    if (isKnown !== undefined && !isKnown(name)) {
      throw new TemplateError(
        'template-unknown-variable',
        `There is no variable {{${name}}}. Check its spelling, or map a field of that name first.`,
        { details: { variable: name } },
      );
    }
  }
  return [...new Set(names)];
}

function lookUp(name: string, variables: TemplateVariables): unknown {
  let value: unknown = variables;
  for (const part of name.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined;
    value = (value as Record<string, unknown>)[part];
  }
  return value;
}

/** Half a character is a value, which the place where it would stand refuses. */
export const showsNothing = (text: string): boolean => text.isWellFormed() && !hasVisibleCharacter(text);

function valueOf(name: string, variables: TemplateVariables): string {
  const value = lookUp(name, variables);
  const text = typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;
  if (typeof text !== 'string' || showsNothing(text)) {
    throw new TemplateError(
      'template-value-missing',
      `{{${name}}} has no value for this record, so nothing was sent. Fill the field, or map it in the integration.`,
      { details: { variable: name } },
    );
  }
  if (text.length > longestValue) throw valueRefused(name, `is longer than ${longestValue} characters`);
  return text;
}

/** The error of a value that cannot stand where its variable stands; never repeats the value. */
export function valueRefused(name: string, reason: string): TemplateError {
  return new TemplateError(
    'template-value-refused',
    `The value of {{${name}}} ${reason}, so nothing was sent. Correct it on the record.`,
    { details: { variable: name } },
  );
}

/**
 * Fills a template in a single pass: what a value contains is never read as a template again.
 * @param encode turns one value into what may stand in that place, or throws `valueRefused`.
 * @throws TemplateError `template-value-missing` for a value that is absent, null, empty or blank.
 */
export function fillTemplate(
  template: string,
  variables: TemplateVariables,
  encode: (value: string, name: string) => string = (value) => value,
): string {
  return parseTemplate(template)
    .map((part) => ('name' in part ? encode(valueOf(part.name, variables), part.name) : part.text))
    .join('');
}

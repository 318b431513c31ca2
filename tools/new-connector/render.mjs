import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('templates', import.meta.url));
/** @type {Record<string, string>} */
const targets = { connector: 'libs/connectors', simulator: 'apps/vendor-simulator/src/vendors' };

/** @typedef {{ id: string, name: string, auth: string, paging: string }} Choices */

/** A line that begins a part for some choices (`//? auth basic bearer`), or ends it (`//? end`). */
const mark = /^\s*\/\/\? (?:(auth|paging) ([a-z0-9 -]+)|end)$/;

/**
 * The parts of a template that belong to these choices; a part ends where the next one begins.
 * @param {string} template
 * @param {Choices} choices
 */
function choose(template, choices) {
  let isWanted = true;
  return template
    .split('\n')
    .filter((line) => {
      const found = mark.exec(line);
      if (found === null) return isWanted;
      const [, option, values] = found;
      isWanted = option === undefined || values.split(' ').includes(option === 'auth' ? choices.auth : choices.paging);
      return false;
    })
    .join('\n');
}

/** @param {Pick<Choices, 'id' | 'name'>} options */
function namesOf({ id, name }) {
  const words = id.split('-');
  const pascal = words.map((word) => word[0].toUpperCase() + word.slice(1)).join('');
  const initials = [...(name.match(/[\p{L}\p{N}]+/gu) ?? [])].map(([letter]) => letter.toUpperCase());
  return {
    id,
    Name: name,
    Pascal: pascal,
    camel: pascal[0].toLowerCase() + pascal.slice(1),
    snake: words.join('_'),
    Initials: (initials.length > 1 ? initials : [...name.toUpperCase()]).slice(0, 2).join(''),
  };
}

const fill = (/** @type {string} */ text, /** @type {Record<string, string>} */ names) =>
  text.replace(/__([A-Za-z]+?)__/g, (_, key) => names[key]);

/**
 * @param {Choices} options
 * @returns {Record<string, string>} text of every new file by its path below the root
 */
export function renderFiles(options) {
  const names = namesOf(options);
  return Object.fromEntries(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => {
        const path = join(entry.parentPath, entry.name);
        const [kind, ...rest] = relative(folder, path)
          .replace(/\.template$/, '')
          .split('/');
        const text = fill(choose(readFileSync(path, 'utf8'), options), names);
        return [join(targets[kind], options.id, fill(rest.join('/'), names)), text];
      }),
  );
}

const registry = 'apps/vendor-simulator/src/vendors/index.ts';
const siblingImport = /^import (?:type )?\{.*\} from '(\.\/[^']+)';$/;
const collator = new Intl.Collator('en', { caseFirst: 'upper', numeric: true });

/**
 * The list of simulated vendors with one more.
 * @param {string} text
 * @param {Pick<Choices, 'id' | 'name'>} options
 */
export function registered(text, options) {
  const { id, camel } = namesOf(options);
  const lines = text.split('\n');
  const isSibling = (/** @type {string} */ line) => siblingImport.test(line);
  const [first, count] = [lines.findIndex(isSibling), lines.filter(isSibling).length];
  const siblings = [...lines.slice(first, first + count), `import { ${camel} } from './${id}/index.js';`];
  const pathOf = (/** @type {string} */ line) => siblingImport.exec(line)?.[1] ?? '';
  siblings.sort((one, other) => collator.compare(pathOf(one), pathOf(other)));
  const list = /^(export const vendors = \{)([^}]*?),?\s*\};$/m;
  const all = [...lines.slice(0, first), ...siblings, ...lines.slice(first + count)].join('\n');
  if (first < 0 || !list.test(all)) throw new Error(`${registry} has no list of vendors where it is looked for.`);
  return all.replace(list, (_, head, entries) => `${head}${entries}, ${id === camel ? id : `'${id}': ${camel}`} };`);
}

export { registry };

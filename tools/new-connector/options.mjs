import { parseArgs } from 'node:util';

/** By the names that credentials have everywhere. */
export const auths = ['basic', 'api-key', 'bearer', 'oauth2-client-credentials'];
export const pagings = ['cursor', 'offset', 'next-link'];

export const usage = `Usage: npm run new:connector -- <id> --name "<Name>" --auth <auth> --paging <paging> [--dry-run]

Makes a connector and its simulator that work together at once, to be changed into those of your vendor.

  <id>       lower case letters, digits and dashes, like acme-hr: the name of the folders
  --name     the vendor as people write it, like "Acme HR"
  --auth     ${auths.join(' | ')}
  --paging   how the list of users goes on: ${pagings.join(' | ')}
  --dry-run  name the files and write nothing
  --help     this text

docs/guides/add-a-connector.md leads through the rest.`;

/** What a person can fix by themselves: said in one sentence, without a stack. */
export class OptionsError extends Error {}

const idPattern = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
/** No quotes and no markup, because the name stands in code, in texts and in the logo. */
const namePattern = /^[\p{L}\p{N}][\p{L}\p{N} .&+()-]{0,59}$/u;

/** Folders that exist for something else, names that nobody can guess the content of, and names that other code has. */
const taken = new Set(
  [
    'connectors manifests logos dist fixtures node-modules vendors vendor control common shared utils helpers'.split(
      ' ',
    ),
    'class default delete export function import interface new package private public return static switch this'.split(
      ' ',
    ),
    'typeof var void while with yield await enum const let case break try throw null true false in do if for'.split(
      ' ',
    ),
  ].flat(),
);

/**
 * @param {string[]} args
 * @returns {{ help: true } | { help: false, id: string, name: string, auth: string, paging: string, dryRun: boolean }}
 */
export function readOptions(args) {
  const { values, positionals } = parsed(args);
  if (values.help) return { help: true };
  const [id, ...others] = positionals;
  if (id === undefined) throw new OptionsError('There is no id. Begin with one, like acme-hr.');
  if (others.length > 0) {
    throw new OptionsError(`One id at a time: "${others.join(' ')}" is too much. Put names with spaces in quotes.`);
  }
  checkId(id);
  const name = (values.name ?? '').trim();
  if (!namePattern.test(name)) {
    throw new OptionsError(
      `--name ${name === '' ? 'is missing' : `"${name}" cannot be used`}. Give the vendor's name, like "Acme HR": up to 60 letters, digits, spaces and . & + ( ) -.`,
    );
  }
  return {
    help: false,
    id,
    name,
    auth: chosen('auth', values.auth, auths),
    paging: chosen('paging', values.paging, pagings),
    dryRun: values['dry-run'],
  };
}

/** @param {string[]} args */
function parsed(args) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        name: { type: 'string' },
        auth: { type: 'string' },
        paging: { type: 'string' },
        'dry-run': { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
  } catch (error) {
    throw new OptionsError(`${error.message.split('. ')[0]}.`);
  }
}

/** @param {string} id */
function checkId(id) {
  if (!idPattern.test(id) || id.length > 40) {
    throw new OptionsError(
      `"${id}" is no id. Use lower case letters, digits and single dashes, beginning with a letter, up to 40: acme-hr.`,
    );
  }
  if (taken.has(id))
    throw new OptionsError(`"${id}" means something else in the code. Choose another id, like ${id}-app.`);
}

/**
 * @param {string} option
 * @param {string | undefined} value
 * @param {readonly string[]} known
 */
function chosen(option, value, known) {
  if (value !== undefined && known.includes(value)) return value;
  const given = value === undefined ? 'is missing' : `"${value}" is not known`;
  throw new OptionsError(`--${option} ${given}. Choose one of: ${known.join(', ')}.`);
}

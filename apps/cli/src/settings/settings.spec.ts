import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { CliError } from '../cli-error.js';
import { wrong } from '../stack/check-settings.js';
import { allowedSettings, readSettings } from './settings.js';
import { parseSettings, settingsFileOf } from './settings-file.js';

const faultOf = (act: () => unknown): CliError => {
  try {
    act();
  } catch (error) {
    if (error instanceof CliError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
};

describe('a file of settings', () => {
  it('takes remarks, blanks, quotes, export and the line ends of Windows', () => {
    const text =
      '\uFEFF# mail\r\n\r\n  MAIL_FROM = "Rollcall <r@example.org>"\r\nexport LOG_LEVEL=warn\r\nTZ=\'UTC\'\r\n';
    expect(parseSettings(text, 'file')).toEqual([
      { name: 'MAIL_FROM', value: 'Rollcall <r@example.org>', line: 3 },
      { name: 'LOG_LEVEL', value: 'warn', line: 4 },
      { name: 'TZ', value: 'UTC', line: 5 },
    ]);
  });

  it('keeps every value that holds no line end and neither blanks nor quotes around it', () => {
    const value = fc
      .string({ minLength: 1 })
      .filter((text) => text.trim() === text && !/[\r\n]/.test(text) && !/^(["']).*\1$/s.test(text));
    fc.assert(
      fc.property(value, (text) => {
        expect(parseSettings(`LOG_LEVEL=${text}`, 'file')).toEqual([{ name: 'LOG_LEVEL', value: text, line: 1 }]);
      }),
    );
  });

  it.each([
    ['what is no setting at all', '# fine\nhello', /^file line 2 is not NAME=value\.$/],
    ['a setting without a value', 'TZ=', /^file line 1: TZ has no value\.$/],
    ['the same setting twice', 'TZ=UTC\nLOG_LEVEL=warn\nTZ=UTC', /^file sets TZ twice, in lines 1 and 3\.$/],
  ])('refuses %s, with the line and what to do', (_what, text, message) => {
    const fault = faultOf(() => parseSettings(text, 'file'));
    expect(fault.message).toMatch(message);
    expect(fault.cure).toMatch(/Nothing was started\.$/);
  });
});

describe('the settings of an installation', () => {
  let directory = '';

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'rollcall-settings-'));
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  const write = (text: string) => writeFileSync(settingsFileOf(directory), text, { mode: 0o644 });

  it('come from the file, and from the environment where both set one', () => {
    write('LOG_LEVEL=warn\nTICK_MS=500\n');
    const { env, sources } = readSettings(directory, { LOG_LEVEL: 'debug', PATH: '/bin' });
    expect(env).toEqual({ LOG_LEVEL: 'debug', PATH: '/bin', TICK_MS: '500' });
    expect(Object.fromEntries(sources)).toEqual({
      LOG_LEVEL: { kind: 'environment' },
      TICK_MS: { kind: 'file', line: 2 },
    });
  });

  it('are those of the environment where there is no file', () => {
    expect(readSettings(directory, { PATH: '/bin' })).toMatchObject({ env: { PATH: '/bin' }, sources: new Map() });
  });

  it('close the file to other users of the machine', () => {
    write('LOG_LEVEL=warn\n');
    chmodSync(settingsFileOf(directory), 0o644);
    readSettings(directory, {});
    expect(statSync(settingsFileOf(directory)).mode & 0o777).toBe(0o600);
  });

  it.each([
    ['a name that is nearly one', 'SMPT_URL=x', /there is no setting SMPT_URL/, /^Did you mean SMTP_URL\?/],
    [
      'a name that is nothing like one',
      'COLOUR=red',
      /there is no setting COLOUR/,
      /^docs\/guides\/settings\.md lists/,
    ],
    ['what `up` decides', 'PORT=3000', /PORT is decided by/, /^Take the line out/],
    ['the place of the file itself', 'ROLLCALL_DIR=/x', /ROLLCALL_DIR says in which folder/, /environment/],
  ])('refuse %s', (_what, text, message, cure) => {
    write(text);
    const fault = faultOf(() => readSettings(directory, {}));
    expect(fault.message).toMatch(message);
    expect(fault.cure).toMatch(cure);
  });

  it.each([
    [
      'a Java that is none',
      'JAVA_HOME=/no/java',
      'JAVA_HOME is wrong: it must be the folder of a Java, and /no/java/bin/java',
    ],
    [
      'certificates that are not there',
      'SSL_CERT_FILE=/no/file.pem',
      'SSL_CERT_FILE is wrong: there is no file /no/file.pem',
    ],
    ['further certificates that are not there', 'NODE_EXTRA_CA_CERTS=/no/file.pem', 'NODE_EXTRA_CA_CERTS is wrong'],
    ['a zone that is none', 'TZ=Europe/Atlantis', 'TZ is wrong: it must be the name of a time zone'],
    ['a proxy without a scheme', 'HTTPS_PROXY=proxy:3128', 'HTTPS_PROXY is wrong: it must be an address'],
    ['a mirror that is no address', 'ROLLCALL_MAVEN_MIRROR=maven', 'ROLLCALL_MAVEN_MIRROR is wrong'],
  ])('refuse %s, unless it is the environment that has it', (_what, text, message) => {
    write(`LOG_LEVEL=warn\n${text}\n`);
    const fault = faultOf(() => readSettings(directory, {}));
    expect(fault.message).toContain(`line 2: ${message}`);
    expect(fault.cure).toMatch(/Nothing was started\.$/);
    write('LOG_LEVEL=warn\n');
    const [name, value] = text.split('=') as [string, string];
    expect(readSettings(directory, { [name]: value }).env[name]).toBe(value);
  });

  it('take values that are right', () => {
    write(
      `JAVA_HOME=${directory}\nTZ=Europe/Paris\nSSL_CERT_FILE=${settingsFileOf(directory)}\nHTTP_PROXY=http://proxy:3128\n`,
    );
    mkdirSync(join(directory, 'bin'));
    writeFileSync(join(directory, 'bin', 'java'), '', { mode: 0o755 });
    expect(readSettings(directory, {}).env).toMatchObject({ TZ: 'Europe/Paris', JAVA_HOME: directory });
  });

  it('are each described', () => {
    for (const { name, description } of allowedSettings)
      expect([name, description]).toEqual([name, expect.stringMatching(/\.$/)]);
  });
});

describe('a value that a service does not take', () => {
  const settings = {
    path: 'file',
    sources: new Map([
      ['UNDO_WINDOW_MS', { kind: 'file', line: 4 } as const],
      ['RUN_LEASE_MS', { kind: 'file', line: 7 } as const],
      ['LOG_LEVEL', { kind: 'environment' } as const],
    ]),
  };

  it.each([
    [
      'UNDO_WINDOW_MS is wrong: Invalid input: expected number, received NaN',
      'file line 4: UNDO_WINDOW_MS is wrong: it must be a whole number from 0.',
    ],
    [
      'LOG_LEVEL is wrong: Invalid option: expected one of "debug"',
      'In the environment: LOG_LEVEL is wrong: it must be one of `debug`, `info`, `warn`, `error`.',
    ],
    [
      'CLOCK_TOLERANCE_MS is not set: must be less than half of RUN_LEASE_MS',
      'file line 7: CLOCK_TOLERANCE_MS is not set: must be less than half of RUN_LEASE_MS.',
    ],
  ])('%s', (fault, message) => {
    expect(wrong(fault, settings).message).toBe(message);
  });
});

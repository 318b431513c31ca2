import { describe, expect, it } from '@jest/globals';

import { mavenReason, pipReason } from './reasons.js';

describe('why a download failed', () => {
  it('is the first error of Maven, without its colours', () => {
    const output =
      '\u001b[1;31m[ERROR] Could not transfer artifact a:b:1: No space left on device\u001b[0m\n[ERROR] To see the full stack trace, use -e\n\u001b[0m\u001b[0m\n';
    expect(mavenReason(output.replace('\u001b[1;31m', ''))).toBe(
      'Could not transfer artifact a:b:1: No space left on device',
    );
    expect(mavenReason(output)).toBe('Could not transfer artifact a:b:1: No space left on device');
    expect(mavenReason('\u001b[0m\u001b[0m')).toBe('no output');
  });

  it('is what pip met on the network, not that it found no package', () => {
    const output = [
      "WARNING: Retrying (Retry(total=0)) after connection broken by 'NewConnectionError('<urllib3.connection.HTTPSConnection object at 0x7f>: Failed to establish a new connection: [Errno -3] Temporary failure in name resolution')': /simple/example/",
      'ERROR: No matching distribution found for example==1',
    ].join('\n');
    expect(pipReason(output)).toBe(
      'the package index cannot be reached: [Errno -3] Temporary failure in name resolution.',
    );
    expect(pipReason('ERROR: No matching distribution found for example==1')).toBe(
      'ERROR: No matching distribution found for example==1',
    );
  });
});

import { describe, expect, it } from '@jest/globals';

import { formatApiKey, isApiKeyText } from './access.js';
import { checksumOf } from './checksum.js';

describe('the text of an API key', () => {
  const key = formatApiKey('test', 'ab'.repeat(32));

  it('has a CRC-32 at its end, which gives the published check value', () => {
    expect(checksumOf('123456789')).toBe('cbf43926');
    expect(key).toBe(`rc_test_${'ab'.repeat(32)}_${checksumOf(`rc_test_${'ab'.repeat(32)}`)}`);
  });

  it('is recognised, and a single changed character is noticed', () => {
    expect(isApiKeyText(key)).toBe(true);
    expect(isApiKeyText(key.replace('abab', 'abac'))).toBe(false);
    expect(isApiKeyText('rc_test_short_00000000')).toBe(false);
  });
});

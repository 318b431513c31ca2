import { describe, expect, it } from '@jest/globals';

import { javaMajor } from './java.js';

describe('javaMajor', () => {
  it.each([
    ['openjdk version "17.0.15" 2025-04-15', 17],
    ['openjdk version "21.0.8" 2025-07-15 LTS', 21],
    ['java version "1.8.0_402"', 8],
    ['openjdk version "24-ea" 2025-03-18', 24],
  ])('%s', (output, major) => {
    expect(javaMajor(output)).toBe(major);
  });

  it('is null for anything else', () => {
    expect(javaMajor('command not found')).toBeNull();
  });
});

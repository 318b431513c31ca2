import { describe, expect, it } from '@jest/globals';

import { isTimeZone } from './time-zone.js';

describe('the check of a time zone', () => {
  it.each(['Europe/Berlin', 'America/Argentina/Buenos_Aires', 'UTC', 'Asia/Kolkata'])('takes %s', (zone) => {
    expect(isTimeZone(zone)).toBe(true);
  });

  it.each(['', ' ', 'Nowhere/Land', 'CET/Berlin', '+02:00', '-0500', 'Etc/GMT+2', 'Europe/Berlin '])(
    'refuses %j',
    (zone) => {
      expect(isTimeZone(zone)).toBe(false);
    },
  );
});

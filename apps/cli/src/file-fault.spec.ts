import { describe, expect, it } from '@jest/globals';

import { fileFault } from './file-fault.js';

const raised = (code: string, path?: string) => Object.assign(new Error(`${code}: x`), { code, path });

describe('an error of the file system', () => {
  it.each([
    ['EACCES', '/data may not be read or written by this user.', /ROLLCALL_DIR/],
    ['EROFS', '/data lies on a disk that cannot be written.', /ROLLCALL_DIR/],
    ['ENOSPC', '/data could not be written: the disk is full.', /Make room/],
  ])('%s says what is wrong and what to do', (code, message, cure) => {
    const fault = fileFault(raised(code, '/data'))!;
    expect(fault.message).toBe(message);
    expect(fault.cure).toMatch(cure);
  });

  it('is told apart from any other error', () => {
    expect(fileFault(raised('ECONNREFUSED'))).toBeNull();
    expect(fileFault('EACCES')).toBeNull();
    expect(fileFault(raised('ENOSPC'))!.message).toMatch(/^A file could not be written/);
  });
});

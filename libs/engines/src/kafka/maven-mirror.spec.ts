import { describe, expect, it } from '@jest/globals';

import { mavenMirror, mirrorInSettings } from './maven-mirror.js';

const mirror = (of: string, url: string) => `<mirror><id>m</id><mirrorOf>${of}</mirrorOf><url>${url}</url></mirror>`;
const settings = (...mirrors: string[]) => `<settings><mirrors>${mirrors.join('')}</mirrors></settings>`;

describe('the Maven mirror', () => {
  it('is the one of the environment, without a slash at its end', () => {
    expect(mavenMirror({ ROLLCALL_MAVEN_MIRROR: 'https://jars.example/maven/' })).toBe('https://jars.example/maven');
  });

  it('is asked for in words when neither variable nor settings name one', () => {
    expect(() => mavenMirror({}, '')).toThrow(/no Maven mirror is set/);
    expect(mavenMirror({}, settings(mirror('*', 'https://yes.example/')))).toBe('https://yes.example');
  });

  it.each(['central', '*', 'external:*', '*,!snapshots', 'internal,central'])('is read from settings: %s', (of) => {
    expect(mirrorInSettings(settings(mirror('other', 'https://no.example'), mirror(of, ' https://yes.example ')))).toBe(
      'https://yes.example',
    );
  });

  it('ignores remarks, mirrors of other repositories and those that only block', () => {
    expect(mirrorInSettings(settings(`<!-- ${mirror('central', 'https://no.example')} -->`))).toBeNull();
    expect(mirrorInSettings(settings(mirror('other', 'https://no.example')))).toBeNull();
    expect(mirrorInSettings(settings(mirror('external:http:*', 'http://0.0.0.0/')))).toBeNull();
    expect(mirrorInSettings(settings(mirror('*,!central', 'https://no.example')))).toBeNull();
  });
});

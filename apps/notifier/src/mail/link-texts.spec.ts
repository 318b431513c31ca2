import { describe, expect, it } from '@jest/globals';

import { linkPlace, linkText } from './link-texts.js';

describe('the text of a mail with a link', () => {
  it.each(['Ada', '[link]', '[li[link]nk]', '[[link]link]', '[li\u200e[link]nk]', `${'['.repeat(200)}link]`])(
    'has one place for the link, whatever somebody is called: %s',
    (name) => {
      const { text } = linkText('invitation', name, new Date(0));
      expect(text.split(linkPlace)).toHaveLength(2);
      expect(text.split('\n\n')[2]).toBe(linkPlace);
    },
  );
});

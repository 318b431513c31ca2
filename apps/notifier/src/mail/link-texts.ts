import type { InputOf, mailLink } from '@rollcall/contracts';

import { singleLine } from './header-text.js';

/** Where the link goes in a text that is stored without it. */
export const linkPlace = '[link]';

type Purpose = InputOf<typeof mailLink>['purpose'];

const subjects: Readonly<Record<Purpose, string>> = {
  invitation: 'You are invited to Rollcall',
  reset: 'Choose another password for Rollcall',
};

const openings: Readonly<Record<Purpose, string>> = {
  invitation: 'You are invited to Rollcall. Open this link to choose a password and sign in:',
  reset: 'Somebody asked for another password for your Rollcall account. Open this link to choose one:',
};

const ifUnexpected: Readonly<Record<Purpose, string>> = {
  invitation: 'If you know nothing of Rollcall, you can ignore this mail.',
  reset: 'If that was not you, you can ignore this mail; your password stays as it is.',
};

/** Subject and text of a mail with a link. A name has no brackets in it, so that the link goes to its own place only. */
export function linkText(purpose: Purpose, name: string, expiresAt: Date): { subject: string; text: string } {
  const until = `${expiresAt.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  const lines = [
    `Hello ${singleLine(name.replaceAll(/[[\]]/g, ''), 120)},`,
    openings[purpose],
    linkPlace,
    `It works once, until ${until}. Do not pass it on: whoever opens it is signed in as you. ${ifUnexpected[purpose]}`,
  ];
  return { subject: `[Rollcall] ${subjects[purpose]}`, text: `${lines.join('\n\n')}\n` };
}

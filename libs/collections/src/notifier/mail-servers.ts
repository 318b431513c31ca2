import { type MailServerState, mailServerStateSchema } from '@rollcall/contracts';

import { defineCollection } from '../define-collection.js';
import { oneOf, recordPaths } from '../models/paths.js';

/** The one document of how it stands with the mail server. */
export interface MailServerDocument extends MailServerState {
  _id: 'mail-server';
}

export const mailServers = defineCollection<MailServerDocument>({
  owner: 'notifier',
  name: 'mailServers',
  published: true,
  paths: { _id: oneOf('mail-server'), ...recordPaths(mailServerStateSchema) },
});

import { defineConnector } from '@rollcall/connector-kit';

import { accountIdProblems } from './account.js';
import { manifest } from './manifest.js';
import { check, getUser, listUsers } from './users.js';

export const connector = defineConnector({ manifest, listUsers, getUser, check, inputProblems: accountIdProblems });

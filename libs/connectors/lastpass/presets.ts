import { type OutcomeRule, type Preset, type RolePreset } from '@rollcall/contracts';

const help = (slug: string): string => `https://support.lastpass.com/help/${slug}`;

/** How the vendor says that it does not know a user; the exact words differ from command to command. */
const unknownUser = ['no such user', 'user not found', 'does not exist'];

/** The vendor answers 200 to failures too; `status` tells them apart, in upper or lower case. */
const done: OutcomeRule = { status: [200], field: { path: 'status', equals: ['OK', 'success'] }, outcome: 'done' };
const refused: OutcomeRule = { status: [200], field: { path: 'status', equals: ['FAIL'] }, outcome: 'refused' };
/** WARN says that something was not done, not what: a read-back decides (P17). */
const unclear: OutcomeRule = { status: [200], field: { path: 'status', equals: ['WARN'] }, outcome: 'unknown' };

function unknownUserIs(outcome: OutcomeRule['outcome']): OutcomeRule {
  return { status: [200], field: { path: 'status', equals: ['FAIL', 'WARN'] }, text: unknownUser, outcome };
}

type Action = Pick<Preset, 'id' | 'name' | 'description' | 'documentation' | 'effect' | 'confirmedWhen'> & {
  readonly cmd: string;
  readonly data?: Record<string, number>;
};

/** All commands are one POST that names the user by e-mail. */
function action({ cmd, data = {}, ...about }: Action): Preset {
  const removes = about.effect === 'delete' || about.effect === 'disable';
  return {
    ...about,
    method: 'POST',
    path: '/enterpriseapi.php',
    headers: {},
    body: { cmd, data: { username: '{{username}}', ...data } },
    inputs: [{ name: 'username', label: 'Username', required: true, default: '{{username}}' }],
    messagePaths: ['error', 'errors', 'message'],
    rules: [unknownUserIs(removes ? 'already-gone' : 'refused'), done, refused, unclear],
  };
}

/** The presets of requirement R115. */
export const presets: Preset[] = [
  action({
    id: 'deactivate-user',
    name: 'Deactivate User',
    description: 'Blocks the login of the user; data and membership are kept.',
    documentation: help('delete-users-via-lastpass-api'),
    effect: 'disable',
    cmd: 'deluser',
    data: { deleteaction: 0 },
    confirmedWhen: { user: 'inactive' },
  }),
  action({
    id: 'delete-user',
    name: 'Delete User',
    description: 'Deletes the account of the user with everything in it.',
    documentation: help('delete-users-via-lastpass-api'),
    effect: 'delete',
    cmd: 'deluser',
    data: { deleteaction: 2 },
    confirmedWhen: { user: 'gone' },
  }),
  action({
    id: 'master-password-change',
    name: 'Master Password Change',
    description: 'Makes the user change the master password at the next login.',
    documentation: help('require-master-password-change-via-lastpass-api'),
    effect: 'expire',
    cmd: 'requiremasterpasswordchange',
    confirmedWhen: null,
  }),
  action({
    id: 're-invite-user',
    name: 'Re-invite User',
    description: 'Sends the invitation again.',
    documentation: help('reinvite-users-via-lastpass-api'),
    effect: 'invite',
    cmd: 'reinviteuser',
    confirmedWhen: null,
  }),
  action({
    id: 'reset-password',
    name: 'Reset Password',
    description: 'Sends the user an e-mail for resetting the password.',
    documentation: help('send-password-reset-email-via-lastpass-api'),
    effect: 'reset',
    cmd: 'resetpassword',
    confirmedWhen: null,
  }),
];

/** The role preset of requirements R125 and R129: the vendor has no roles, so a default is shown as one. */
export const rolePresets: RolePreset[] = [
  {
    id: 'user-role',
    name: 'LastPass User Role',
    description: 'Looks the user up, fills the last visit, and shows the default role of everybody who is active.',
    documentation: help('event-reporting-via-lastpass-api'),
    role: { origin: 'default', value: 'Users' },
    lastActivityLabel: 'Last visit',
  },
];

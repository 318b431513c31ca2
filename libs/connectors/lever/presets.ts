import { type Preset, type RolePreset } from '@rollcall/contracts';

const documentation = 'https://hire.lever.co/developer/documentation';

/** The preset of requirement R116. */
export const presets: Preset[] = [
  {
    id: 'delete-user',
    name: 'Delete User',
    description:
      'Removes the user from Lever. Lever has no other removal than deactivation: the record stays there, without access.',
    documentation: `${documentation}#deactivate-a-user`,
    effect: 'disable',
    method: 'POST',
    path: '/users/{{userId}}/deactivate',
    headers: {},
    body: null,
    inputs: [{ name: 'userId', label: 'Lever ID', required: true, default: '{{lever_id}}' }],
    messagePaths: ['message'],
    rules: [
      { status: [200], present: 'data.deactivatedAt', outcome: 'done' },
      { status: [404], field: { path: 'code', equals: ['ResourceNotFound'] }, outcome: 'already-gone' },
      { status: [400, 402, 403, 404, 405, 406, 409, 410, 412, 415, 422, 428], outcome: 'refused' },
    ],
    confirmedWhen: { user: 'inactive' },
  },
];

/** The role preset of requirements R125 and R128. */
export const rolePresets: RolePreset[] = [
  {
    id: 'user-role',
    name: 'Lever User Role',
    description: 'Looks the user up and reads the access role.',
    documentation: `${documentation}#retrieve-a-single-user`,
    role: { origin: 'vendor', path: 'accessRole', fallback: null },
    lastActivityLabel: null,
  },
];

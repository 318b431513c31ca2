import { type OutcomeRule, type Preset, type RolePreset } from '@rollcall/contracts';

const api = (operation: string): string => `https://docs.jumpcloud.com/api/1.0/index.html#operation/${operation}`;

/** Statuses by which the vendor says that it did not do it: bad request, forbidden form, conflict, wrong value. */
const refused: OutcomeRule = { status: [400, 402, 403, 405, 406, 409, 410, 412, 415, 422, 428], outcome: 'refused' };
/** "Not found" may also mean the organization of the `x-org-id` header. */
const wrongOrganization: OutcomeRule = { status: [404], text: ['organization'], outcome: 'refused' };

type Shape = Omit<Preset, 'headers' | 'messagePaths' | 'inputs' | 'rules'> & {
  readonly inputs: Preset['inputs'];
  readonly rules: OutcomeRule[];
};

/** What all presets have in common: the organization of administrators with several, and where the words stand. */
function preset({ inputs, rules, ...shape }: Shape): Preset {
  return {
    ...shape,
    headers: { 'x-org-id': '{{orgId}}' },
    inputs: [...inputs, { name: 'orgId', label: 'Organization ID', required: false, default: null }],
    messagePaths: ['message', 'error'],
    rules: [wrongOrganization, ...rules, refused],
  };
}

const required = (name: string, label: string, template: string): Preset['inputs'][number] => ({
  name,
  label,
  required: true,
  default: template,
});
/** The id comes from the field that the mapping made (R119), never from a name or e-mail. */
const userId = required('userId', 'JumpCloud User Id', '{{jump_cloud_user_id}}');

/** The presets of requirement R117, and Get User. */
export const presets: Preset[] = [
  preset({
    id: 'create-user',
    name: 'Create User',
    description: "Creates a user; the organization's default decides whether it is staged or active.",
    documentation: api('systemusers_post'),
    effect: 'create',
    method: 'POST',
    path: '/systemusers',
    body: {
      username: '{{username}}',
      email: '{{email}}',
      firstname: '{{firstName}}',
      lastname: '{{lastName}}',
    },
    inputs: [
      required('username', 'Username', '{{username}}'),
      required('email', 'Email', '{{email}}'),
      required('firstName', 'First name', '{{first_name}}'),
      required('lastName', 'Last name', '{{last_name}}'),
    ],
    rules: [{ status: [200, 201], present: '_id', outcome: 'done' }],
    confirmedWhen: { user: 'present' },
  }),
  preset({
    id: 'delete-user',
    name: 'Delete User',
    description: 'Deletes the user. Refused while the user is the manager of others.',
    documentation: api('systemusers_delete'),
    effect: 'delete',
    method: 'DELETE',
    path: '/systemusers/{{userId}}',
    body: null,
    inputs: [userId],
    rules: [
      { status: [200], present: '_id', outcome: 'done' },
      { status: [404], outcome: 'already-gone' },
    ],
    confirmedWhen: { user: 'gone' },
  }),
  preset({
    id: 'expire-system-password',
    name: 'Expire System Password',
    description: 'Makes the user set a new password.',
    documentation: api('systemusers_expire'),
    effect: 'expire',
    method: 'POST',
    path: '/systemusers/{{userId}}/expire',
    body: null,
    inputs: [userId],
    rules: [
      { status: [200, 204], outcome: 'done' },
      { status: [404], outcome: 'refused' },
    ],
    confirmedWhen: { field: 'password_expired', equals: true },
  }),
  preset({
    id: 'unlock-user',
    name: 'Unlock User',
    description: 'Takes the temporary lock off the account.',
    documentation: api('systemusers_unlock'),
    effect: 'unlock',
    method: 'POST',
    path: '/systemusers/{{userId}}/unlock',
    body: null,
    inputs: [userId],
    rules: [
      { status: [200, 204], outcome: 'done' },
      { status: [404], outcome: 'refused' },
    ],
    confirmedWhen: { field: 'account_locked', equals: false },
  }),
  preset({
    id: 'get-user',
    name: 'Get User',
    description: 'Reads the user; changes nothing.',
    documentation: api('systemusers_get'),
    effect: 'read',
    method: 'GET',
    path: '/systemusers/{{userId}}',
    body: null,
    inputs: [userId],
    rules: [
      { status: [200], present: '_id', outcome: 'done' },
      { status: [404], outcome: 'already-gone' },
    ],
    confirmedWhen: null,
  }),
];

/** The role preset of requirements R125 and R130. */
export const rolePresets: RolePreset[] = [
  {
    id: 'user-role',
    name: 'JumpCloud User Role',
    description: 'Looks the user up and reads the administrator role; users without one show the default.',
    documentation: api('systemusers_get'),
    role: { origin: 'vendor', path: 'admin.roleName', fallback: 'User' },
    lastActivityLabel: null,
  },
];

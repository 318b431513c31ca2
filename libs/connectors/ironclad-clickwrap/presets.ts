import { type Preset, type RolePreset } from '@rollcall/contracts';

/** The vendor's API has no calls that act on users. */
export const presets: Preset[] = [];

/** Roles come with the run or not at all, so there is no block that retrieves them. */
export const rolePresets: RolePreset[] = [];

import { type Preset, type RolePreset } from '@rollcall/contracts';

/** The source has no actions for this vendor, and the right that it asks for only reads. */
export const presets: Preset[] = [];

/** A directory user has no role at this vendor, so there is none to look up. */
export const rolePresets: RolePreset[] = [];

import type { StepsOf } from '../../test/crash-points.js';
import type { FoldSettingsRepository } from './fold-settings.repository.js';

export const settingsSteps: StepsOf<FoldSettingsRepository> = {
  get: { reads: ['settings'] },
  addKeyKinds: { elsewhere: 'the start of the service' },
  replace: { elsewhere: 'commands that change settings' },
};

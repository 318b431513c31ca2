import type { StepsOf } from '../../test/crash-points.js';
import type { UndoRepository } from './undo.repository.js';

export const undoSteps: StepsOf<UndoRepository> = {
  find: { reads: ['undos'] },
  undoneOf: { reads: ['undos'] },
  accountsMadeBy: { reads: ['accounts'] },
  changesOf: { reads: ['changes'] },
  linesWithTakenKeys: { reads: ['undoLines'] },
  linesOf: { reads: ['undoLines'] },
  putStep: { writes: ['undos', 'undoLines'] },
  putReport: { writes: ['undos'] },
};

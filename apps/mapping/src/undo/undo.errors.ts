import { AppError, type RunUndone, undoneText } from '@rollcall/contracts';

export const runNotFound = (id: string): AppError =>
  new AppError('run-not-found', `There is no run ${id}. Choose one from the list of runs.`, { details: { id } });

export const runNotEnded = (id: string): AppError =>
  new AppError('run-not-ended', `Run ${id} is still open. Wait for its end, or cancel it; then try it again.`);

export const runChangedNothing = (id: string): AppError =>
  new AppError('run-changed-nothing', `Run ${id} was a preview. It changed nothing, so there is nothing to undo.`);

export const runAlreadyUndone = (id: string, undone: RunUndone | null): AppError =>
  new AppError('run-already-undone', undoneText(id, undone), { details: { undone } });

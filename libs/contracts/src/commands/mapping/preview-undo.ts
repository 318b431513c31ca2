import { z } from 'zod';

import { undoPreviewSchema } from '../../domain/undo.js';
import { defineCommand } from '../define-command.js';

export const previewUndo = defineCommand({
  type: 'run.preview-undo',
  owner: 'mapping',
  senders: ['gateway'],
  description: 'What undoing a run would take back and what it would leave, with names. No record is changed.',
  input: z.object({ run: z.string() }),
  result: undoPreviewSchema,
  errors: ['run-not-found', 'run-not-ended', 'run-changed-nothing', 'run-already-undone'],
});

import { z } from 'zod';

/** Why a message was parked. Its value travels beside as the message value, redacted where it may hold personal data. */
export const deadLetterHeadersSchema = z.object({
  topic: z.string(),
  partition: z.string(),
  offset: z.string(),
  code: z.string(),
  reason: z.string(),
  group: z.string(),
  /** Bytes of the original value, where only its beginning was kept because it is too large. */
  cut: z.string().optional(),
});
export type DeadLetterHeaders = z.infer<typeof deadLetterHeadersSchema>;

import { z } from 'zod';

/** Ids under which documents name schemas, so that generated clients have types with names. Each schema registers its own. */
export const schemaIds = z.registry<{ id: string }>();

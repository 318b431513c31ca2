import type { Page } from '@rollcall/contracts';

/** An answer as JSON lines (`application/x-ndjson`), sent while it is read. */
export class Lines {
  constructor(readonly lines: AsyncIterable<string>) {}
}

/** Everything that a list has, however many pages there are: one item a line. */
export async function* linesOf<Item>(
  pageAfter: (cursor: string | undefined) => Promise<Page<Item>>,
): AsyncGenerator<string> {
  let cursor: string | undefined;
  do {
    const { items, page } = await pageAfter(cursor);
    for (const item of items) yield `${JSON.stringify(item)}\n`;
    cursor = page.next ?? undefined;
  } while (cursor !== undefined);
}

/** An answer as JSON lines (`application/x-ndjson`), sent while it is read. */
export class Lines {
  constructor(readonly lines: AsyncIterable<string>) {}
}

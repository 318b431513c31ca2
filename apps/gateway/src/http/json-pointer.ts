/** One step of a JSON pointer (RFC 6901), with its slash. */
export const pointerStep = (name: PropertyKey): string =>
  `/${String(name).replaceAll('~', '~0').replaceAll('/', '~1')}`;

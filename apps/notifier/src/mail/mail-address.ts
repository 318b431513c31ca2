/** A mailbox: shown name, may be empty, and plain address. */
export interface Mailbox {
  readonly name: string;
  readonly address: string;
}

const atom = "[a-z0-9#$&'*+/=?^_`{|}~-]+";
const localPart = new RegExp(`^${atom}(\\.${atom})*$`, 'i');
const label = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/i;

/**
 * Whether a mail may be sent to this text. Stricter than the standard on purpose: no quotes, comments, routes, address
 * literals or characters outside ASCII, because parsers disagree about them and a mail ends up elsewhere (P39).
 */
export function isMailAddress(text: string): boolean {
  if (text.length > 254) return false;
  const at = text.indexOf('@');
  if (at < 1 || at !== text.lastIndexOf('@')) return false;
  const local = text.slice(0, at);
  const labels = text.slice(at + 1).split('.');
  return local.length <= 64 && localPart.test(local) && labels.length >= 2 && labels.every((part) => label.test(part));
}

/** `Name <address>` or an address; null when it is neither. */
export function parseSender(text: string): Mailbox | null {
  const [, name, address] = /^([^<>@"\p{Cc}]*)<([^<>]+)>$/u.exec(text.trim()) ?? ['', '', text.trim()];
  return address !== undefined && isMailAddress(address) ? { name: name!.trim(), address } : null;
}

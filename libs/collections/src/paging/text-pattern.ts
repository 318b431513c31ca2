/** A letter with the marks behind it, as one: only together they have a composed and a decomposed form. */
const cluster = /\P{M}\p{M}*|\p{M}+/gu;

const literally = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');

/**
 * A pattern for exactly this text, composed (NFC) or decomposed (NFD): stored is what the vendor wrote, and who types a name
 * does not see which of the two it was. Every character that means something in a pattern is escaped.
 */
export function anyForm(text: string): string {
  return text.normalize('NFC').replace(cluster, (part) => {
    const [composed, decomposed] = [literally(part), literally(part.normalize('NFD'))];
    return composed === decomposed ? composed : `(?:${composed}|${decomposed})`;
  });
}

const quoted = /"((?:[^"\\]|\\.)*)"/g;

/**
 * Texts of a filter, taken out before it is parsed: the parser takes an escaped backslash for two characters, and cannot
 * read a text that ends with one. A backslash before anything but itself and a quote stands for itself.
 */
export class QuotedTexts {
  private readonly texts: string[] = [];

  /** The filter with a number in the place of each text. */
  take(filter: string): string {
    return filter.replace(quoted, (_whole, text: string) => {
      this.texts.push(text.replace(/\\([\\"])/g, '$1').toWellFormed());
      return `"${this.texts.length - 1}"`;
    });
  }

  /** The text behind a number; anything else as it is. */
  restore<Value>(value: Value): Value | string {
    return typeof value === 'string' ? (this.texts[Number(value)] ?? value) : value;
  }
}

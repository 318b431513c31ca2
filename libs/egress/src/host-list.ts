const exactHost = /^([a-z0-9_-]+(\.[a-z0-9_-]+)*|\[[0-9a-f:.]+\])$/;
const suffixPattern = /^\*(\.[a-z0-9_-]+){2,}$/;

const fullName = /^[a-z0-9_-]+(\.[a-z0-9_-]+)+$/;

/**
 * Whether a host, as `URL` gives it, is an address or a name that means the same everywhere: no dot at its end, and not
 * a single label, which the search list of a machine would complete.
 */
export function isFullHost(hostname: string): boolean {
  return fullName.test(hostname) || /^\[[0-9a-f:.]+\]$/.test(hostname);
}

/** Hosts that may be asked: exact names, or `*.suffix` with at least two labels. Compared in lower case. */
export class HostList {
  private readonly exact = new Set<string>();
  private readonly suffixes: string[] = [];

  /** @throws Error for a pattern that is neither; a list that allows more than it looks must not start */
  constructor(readonly patterns: readonly string[]) {
    for (const pattern of patterns.map((text) => text.toLowerCase())) {
      if (suffixPattern.test(pattern)) this.suffixes.push(pattern.slice(1));
      else if (exactHost.test(pattern)) this.exact.add(pattern);
      else
        throw new Error(`"${pattern}" is not an allowed host: write a host name or *.suffix with at least two labels`);
    }
  }

  allows(hostname: string): boolean {
    return this.exact.has(hostname) || this.suffixes.some((suffix) => hostname.endsWith(suffix));
  }
}

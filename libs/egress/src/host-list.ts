const exactHost = /^([a-z0-9_-]+(\.[a-z0-9_-]+)*|\[[0-9a-f:.]+\])$/;
const suffixPattern = /^\*(\.[a-z0-9_-]+){2,}$/;

/** Hosts that may be asked: exact names, or `*.suffix` with at least two labels. Compared in lower case. */
export class HostList {
  private readonly exact = new Set<string>();
  private readonly suffixes: string[] = [];

  /** @throws Error for a pattern that is neither; a list that allows more than it looks must not start */
  constructor(readonly patterns: readonly string[]) {
    for (const pattern of patterns.map((text) => text.toLowerCase())) {
      if (suffixPattern.test(pattern)) this.suffixes.push(pattern.slice(1));
      else if (exactHost.test(pattern)) this.exact.add(pattern);
      else throw new Error(`"${pattern}" is no allowed host: write a host name or *.suffix with at least two labels`);
    }
  }

  allows(hostname: string): boolean {
    return this.exact.has(hostname) || this.suffixes.some((suffix) => hostname.endsWith(suffix));
  }
}

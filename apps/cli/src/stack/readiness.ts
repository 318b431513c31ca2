/** Answer of a service's `/readyz`. */
export interface Readiness {
  ready: boolean;
  /** The checks that fail, or why there was no answer; empty when all is well. A ready service may have some. */
  detail: string;
}

/** A service takes up to three seconds to find that an engine is away. */
const ANSWER_WITHIN_MS = 5_000;

/** Asks once. A service that does not answer is not ready; that is no error here. */
export async function askReadiness(port: number): Promise<Readiness> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/readyz`, { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
    return { ready: response.ok, detail: failingChecks(await response.text()) || (response.ok ? '' : 'not ready') };
  } catch {
    return { ready: false, detail: 'no answer' };
  }
}

export function failingChecks(body: string): string {
  try {
    const { checks } = JSON.parse(body) as { checks?: Record<string, { ok: boolean; detail?: string }> };
    const failing = Object.entries(checks ?? {}).filter(([, check]) => !check.ok);
    return failing.map(([name, { detail }]) => (detail ? `${name}: ${detail}` : name)).join(', ');
  } catch {
    return '';
  }
}

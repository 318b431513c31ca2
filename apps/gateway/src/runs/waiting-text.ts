/**
 * Why nobody has begun a planned run.
 * @param ahead runs that come before it
 * @param atWork runs that somebody reads or judges now
 */
export function waitingText(ahead: number, atWork: number): string {
  if (ahead === 0 && atWork === 0) {
    return (
      'Nobody has taken the run up yet, and no other run is at work. If this stays so for more than a few seconds, look ' +
      'whether sync-runner is running (./rollcall status) and what its /readyz says.'
    );
  }
  const first = ahead === 0 ? 'It is next' : ahead === 1 ? 'One run comes first' : `${ahead} runs come first`;
  const busy = atWork === 1 ? 'one is at work' : `${atWork} are at work`;
  return (
    `The run waits for its turn. ${first}, and ${busy}. Runs that people start go before scheduled ones; how many are at ` +
    'work at once is RUN_CONCURRENCY of sync-runner.'
  );
}

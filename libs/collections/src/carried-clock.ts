/** How long two clocks may go on side by side before they are compared again. */
export const lookAgainAfterMs = 10_000;

/**
 * Another machine's clock that is asked now and then, and carried on in between by the monotonic clock of this process,
 * which no step of its wall clock moves. While it cannot be asked, its last answer goes on to hold.
 * @param stopwatch milliseconds of a monotonic clock
 * @returns the time in epoch milliseconds
 */
export async function carriedOn(
  ask: () => Promise<Date>,
  stopwatch: () => number = () => performance.now(),
): Promise<() => number> {
  const look = async () => {
    const began = stopwatch();
    const theirs = (await ask()).getTime();
    // It looked at its clock at some moment in between.
    return { theirs, at: (began + stopwatch()) / 2 };
  };
  let known = await look();
  let looking: Promise<void> | null = null;
  const again = async () => {
    try {
      known = await look();
    } catch {
      // Asked again with the next question.
    } finally {
      looking = null;
    }
  };
  return () => {
    const since = stopwatch() - known.at;
    if (since > lookAgainAfterMs) looking ??= again();
    return Math.round(known.theirs + since);
  };
}

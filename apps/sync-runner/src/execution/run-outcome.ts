import type { RunDocument } from '@rollcall/collections';
import type { RunProblem, RunReportOf } from '@rollcall/contracts';

type Mapped = RunReportOf<'mapped'>;

/** Counts of a report as the run shows them. */
export function numbersOf(report: Mapped): Pick<RunDocument, 'counts' | 'passedOver'> {
  return { counts: countsOf(report), passedOver: report.passedOver };
}

function countsOf({ counts, staged }: Mapped): NonNullable<RunDocument['counts']> {
  const { unknownStatus: _unknownStatus, ...users } = counts;
  return { ...users, staged, deactivated: 0, stale: 0 };
}

/** Of reader, mapping and guard, each once: a successor that judges again finds the reader's already there. */
export function problemsOf(run: RunDocument, report: Mapped, guard: readonly RunProblem[]): RunProblem[] {
  const byCode = new Map([...run.problems, ...report.problems, ...guard].map((problem) => [problem.code, problem]));
  return [...byCode.values()];
}

export function endState(rejected: number, problems: readonly RunProblem[]): 'completed' | 'completed-with-errors' {
  return rejected > 0 || problems.length > 0 ? 'completed-with-errors' : 'completed';
}

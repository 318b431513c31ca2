import type { RunProblem } from '@rollcall/contracts';

const samplesPerGroup = 20;

/** Groups problems of single users by cause, with a few ids each. Bounded by the number of causes, not of users. */
export class ProblemGroups {
  private readonly groups = new Map<string, RunProblem>();

  add(problem: { readonly id: string; readonly code: string; readonly message: string; readonly more?: number }): void {
    // One line a code and field: the message of a group is that of its first user.
    const group = this.groups.get(problem.code);
    const count = 1 + (problem.more ?? 0);
    if (!group) {
      const { code, message, id } = problem;
      this.groups.set(problem.code, { code, message, count, samples: [id] });
      return;
    }
    group.count += count;
    if (group.samples.length < samplesPerGroup) group.samples.push(problem.id);
  }

  list(): RunProblem[] {
    return [...this.groups.values()].sort((a, b) => b.count - a.count);
  }
}

/** One thing that is wrong with the corpus, told so that its author can mend it. */
export interface Problem {
  /** An `error` stops the build; a `warning` is worth a look. */
  readonly level: 'error' | 'warning';
  /** Path relative to the corpus folder. */
  readonly file: string;
  /** 1-based; 0 when the problem belongs to no line. */
  readonly line: number;
  /** Id of the entry, where it has one. */
  readonly id?: string;
  readonly field?: string;
  readonly message: string;
}

/** `file:line: level: [id] field: message`, one line. */
export function formatProblem(problem: Problem): string {
  const place = problem.line > 0 ? `${problem.file}:${problem.line}` : problem.file;
  const entry = problem.id === undefined ? '' : ` [${problem.id}]`;
  const field = problem.field === undefined ? '' : ` ${problem.field}:`;
  return `${place}: ${problem.level}:${entry}${field} ${problem.message}`;
}

/** Sorted by file and line, errors before warnings on the same line. */
export function sortProblems(problems: readonly Problem[]): Problem[] {
  return [...problems].sort((a, b) => a.file.localeCompare(b.file) || a.line - b.line || a.level.localeCompare(b.level) || a.message.localeCompare(b.message));
}

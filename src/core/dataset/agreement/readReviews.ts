import type { AnnotationEvent } from '../annotationTypes';
import { fileLines } from '../batch/lines';
import { parseEvents, type SidecarProblem } from '../sidecar';
import { SidecarIndex } from '../sidecarIndex';
import type { AnnotationSummary } from '../summary';

/** Lines after which others get their turn. */
const breath = 50;
const newLine = Buffer.from('\n');
const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);

export interface SidecarReading {
  readonly path: string;
  /** Those among the first 100 of all files, with lines of this file from 1. */
  readonly problems: readonly SidecarProblem[];
  readonly problemCount: number;
  /** Lines that could be used, those of an event that another file has too included. */
  readonly usable: number;
}

/** What stands after the events of several sidecars about the same records: an event that is in more than one counts once. Rejects when a file cannot be read. */
export async function readReviews(paths: readonly string[], signal?: AbortSignal): Promise<{ readonly summaries: readonly AnnotationSummary[]; readonly files: readonly SidecarReading[] }> {
  const index = new SidecarIndex();
  const files: SidecarReading[] = [];
  let linesBefore = 0;
  for (const path of paths) {
    const before = { problems: index.problems.length, count: index.problemCount };
    let lines = 0;
    let full = 0;
    for await (const { number, bytes } of fileLines(path, signal)) {
      lines++;
      if (bytes.length > 0) { full++; }
      if (number % breath === 0) { await new Promise(resolve => setImmediate(resolve)); }
      index.feed(number === 1 ? withoutMark(bytes) : bytes);
      index.feed(newLine);
    }
    const problemCount = index.problemCount - before.count;
    const offset = linesBefore;
    files.push({ path, problems: index.problems.slice(before.problems).map(problem => ({ ...problem, line: problem.line - offset })), problemCount, usable: full - problemCount });
    linesBefore += lines;
  }
  return { summaries: index.summaries(), files };
}

/** The events of `other` that `own` does not hold, in groups of at most 500. `own` may not exist yet. Broken lines of `other` are told to `report`. */
export async function* missingEvents(own: string, other: string, report: (problem: SidecarProblem) => void, signal?: AbortSignal): AsyncGenerator<readonly AnnotationEvent[]> {
  const index = new SidecarIndex();
  try {
    for await (const { bytes } of fileLines(own, signal)) { index.feed(bytes); index.feed(newLine); }
  } catch (error) { if ((error as NodeJS.ErrnoException).code !== 'ENOENT') { throw error; } }
  let group: AnnotationEvent[] = [];
  for await (const { number, bytes } of fileLines(other, signal)) {
    if (number % breath === 0) { await new Promise(resolve => setImmediate(resolve)); }
    const { events, problems } = parseEvents(bytes.toString('utf8'));
    for (const problem of problems) { report({ ...problem, line: number }); }
    for (const event of events) { if (index.add(event)) { group.push(event); } }
    if (group.length >= 500) { yield group; group = []; }
  }
  if (group.length > 0) { yield group; }
}

function withoutMark(line: Buffer): Buffer { return line.subarray(0, 3).equals(byteOrderMark) ? line.subarray(3) : line; }

import { maxCaseLength } from '../../recommend/limits';
import type { FileRecord, RecordItem } from '../recordTypes';
import { Answers } from './answers';
import { describeFileError, mayPass, readAskError, type AskFailure } from './failures';
import { Gate } from './gate';
import { HashTable } from '../table/hashTable';
import { caseHash, recordAnchor, recordHash } from './identity';
import { Outcomes, type Place, type Question } from './outcomes';
import { Reading } from './reading';
import { SleepWatch } from './sleepWatch';
import { Tally } from './tally';
import type { AskCase, BatchMemory, BatchOptions, BatchProgress, BatchRun, BatchSink, BatchSummary, RunBatch } from './types';

/** Records that wait for the answer to an identical one, and outcomes that wait for the disk: reading on would only fill memory. */
const mostWaiting = 4096;
const mostUnwritten = 512;
const defaultGiveUp = 8;

/** Asks about every record that is not done yet, and writes each outcome as one event. See BatchOptions, BatchRun. */
export const runBatch: RunBatch = (records, ask, sink, memory, options, report) => new Batch(records, ask, sink, memory, options, report);

class Batch implements BatchRun {
  readonly finished: Promise<BatchSummary>;
  private readonly tally: Tally;
  private readonly reading: Reading;
  private readonly gate: Gate;
  private readonly answers: Answers;
  private readonly outcomes: Outcomes;
  private readonly asking = new Map<string, Question>();
  private readonly seen = new HashTable();
  private readonly sleep: SleepWatch;
  /** One for each question under way: a signal that all share would gather listeners for as long as the batch runs. */
  private readonly aborts = new Set<AbortController>();
  private ending = false;
  /** Questions under way. */
  private running = 0;
  /** Questions that failed since the last answer, where the endpoint may be to blame. */
  private suspects: { readonly question: Question; readonly failure: AskFailure }[] = [];
  private started = 0;
  private waiting = 0;
  private answered = false;
  private cancelled = false;
  private stopped: string | undefined;
  private moved: () => void = () => undefined;

  constructor(records: AsyncIterable<RecordItem>, private readonly ask: AskCase, sink: BatchSink, private readonly memory: BatchMemory, private readonly options: BatchOptions, report: (progress: BatchProgress) => void) {
    this.tally = new Tally(options.limit, report);
    this.reading = new Reading(records, this.tally, options.onProblem);
    this.sleep = new SleepWatch(options.sleepMs);
    this.gate = new Gate(options.rest?.firstMs ?? 1000, options.rest?.mostMs ?? 60_000);
    this.answers = new Answers(sink, options.reusable);
    this.outcomes = new Outcomes(sink, this.tally, this.answers, options.onFailure, question => {
      if (question !== undefined) { this.asking.delete(question); }
      this.moved();
    }, error => this.breakOff(describeFileError(error, 'written')));
    options.total?.then(total => { this.tally.total ??= total; this.tally.changed(); }, () => undefined);
    this.finished = this.run();
  }

  get progress(): BatchProgress { return this.tally.progress; }

  pause(): void {
    if (this.tally.state !== 'running') { return; }
    this.gate.pause();
    this.tally.state = 'paused';
    this.tally.tell();
  }

  resume(): void {
    if (this.tally.state !== 'paused') { return; }
    this.tally.state = 'running';
    this.gate.resume();
    this.tally.tell();
  }

  cancel(): void {
    if (this.tally.state === 'finished') { return; }
    this.cancelled = true;
    this.breakOff(undefined);
  }

  private async run(): Promise<BatchSummary> {
    try { await this.readAll(); } catch (error) { this.stopped ??= describeFileError(error, 'read'); }
    while (this.running > 0) { await this.movement(); }
    if (!this.ending) { this.settleSuspects(); }
    await this.outcomes.idle();
    this.sleep.close();
    this.seen.close();
    this.answers.close();
    this.tally.state = 'finished';
    this.tally.waiting = undefined;
    this.tally.tell();
    const { cancelled, stopped, reading: { problems, problemCount } } = this;
    return { ...this.tally.progress, cancelled, ...(stopped === undefined ? {} : { stopped }), problems, problemCount, failures: this.outcomes.failures };
  }

  private async readAll(): Promise<void> {
    const { limit = Infinity } = this.options;
    try {
      for (;;) {
        await this.gate.unpaused();
        await this.room();
        const record = this.ending || this.started >= limit ? undefined : await this.reading.next();
        if (!record) { return; }
        await this.take(record);
      }
    } finally { this.reading.close(); }
  }

  private async take(record: FileRecord): Promise<void> {
    const hash = recordHash(record);
    const occurrence = this.seen.get(hash) ?? 0;
    this.seen.set(hash, occurrence + 1);
    const question = caseHash(record);
    if (this.memory.isDone(hash, occurrence)) {
      this.answers.rememberEarlier(question, this.memory.position?.(hash));
      this.tally.earlier++;
      this.tally.changed();
      return;
    }
    if (!this.options.retryFailed && this.memory.hasFailed(hash, occurrence)) {
      this.tally.failed++;
      this.tally.failedBefore++;
      this.tally.changed();
      return;
    }
    this.started++;
    const place: Place = { anchor: recordAnchor(record), line: record.line, caseHash: question };
    const { length } = record.caseText;
    if (length > maxCaseLength) {
      this.outcomes.fail(place, { kind: 'case', reason: 'case-too-long', message: `The case has ${length} characters; one case can have ${maxCaseLength}. Shorten or split the record.` });
      return;
    }
    const running = this.asking.get(question);
    if (running) { this.join(running, place); return; }
    const failure = this.answers.failure(question);
    if (failure) { this.outcomes.fail(place, failure); return; }
    const known = await this.answers.recall(question);
    if (known) { this.outcomes.succeed(place, known, true); return; }
    while (!this.ending && this.running >= this.options.concurrency) { await this.movement(); }
    if (!this.ending) { this.start({ hash: question, first: place, others: [] }, record); }
  }

  private start(question: Question, record: FileRecord): void {
    this.asking.set(question.hash, question);
    this.running++;
    void this.askUntilAnswered(question, record).finally(() => {
      this.running--;
      this.moved();
    });
  }

  /** An identical case is being asked: its outcome is this record's too. */
  private join(question: Question, place: Place): void {
    if (!question.outcome) {
      question.others.push(place);
      this.waiting++;
    } else if ('result' in question.outcome) { this.outcomes.succeed(place, question.outcome.result, true); } else { this.outcomes.fail(place, question.outcome.failure); }
  }

  private async askUntilAnswered(question: Question, record: FileRecord): Promise<void> {
    for (;;) {
      await this.gate.pass();
      if (this.ending) { return; }
      const abort = new AbortController();
      this.aborts.add(abort);
      const { naps } = this.sleep;
      try {
        const result = await this.ask(record, abort.signal);
        this.endpointAnswered();
        this.tally.spent(result);
        this.close(question, { result });
        return;
      } catch (error) {
        if (this.ending) { return; }
        const failure = readAskError(error);
        if (failure.kind === 'case') {
          this.endpointAnswered();
          this.close(question, { failure });
          return;
        }
        // What failed while this process stood still is neither the case's fault nor the endpoint's.
        if (failure.kind === 'suspect' && this.sleep.naps > naps) { continue; }
        if (failure.kind === 'suspect') { this.suspect(question, failure); return; }
        if (failure.kind === 'fatal' || (!this.answered && !mayPass(failure.reason))) { this.breakOff(failure.message); return; }
        this.leaveAlone(failure);
      } finally { this.aborts.delete(abort); }
    }
  }

  private endpointAnswered(): void {
    this.answered = true;
    this.gate.answered();
    this.tally.waiting = undefined;
    this.settleSuspects();
  }

  private leaveAlone({ message }: AskFailure): void {
    if (!this.gate.isResting && this.gate.rests >= (this.options.giveUpAfter ?? defaultGiveUp)) { this.breakOff(`${message} Gave up after ${this.gate.rests} pauses.`); return; }
    const ms = this.gate.leaveAlone();
    if (ms === undefined) { return; }
    this.tally.waiting = `${message} Trying again in ${Math.max(1, Math.round(ms / 1000))} s.`;
    this.tally.tell();
  }

  /** A failure that the case or the endpoint may be to blame for: the next answers tell. */
  private suspect(question: Question, failure: AskFailure): void {
    this.suspects.push({ question, failure });
    if (this.gate.rests > 0) { this.leaveAlone(failure); }
    const most = this.options.giveUpAfter ?? Math.max(defaultGiveUp, 2 * this.options.concurrency);
    if (this.suspects.length >= most) { this.breakOff(`${this.suspects.length} cases in a row failed. The last one: ${failure.message}`); }
  }

  private settleSuspects(): void {
    const settled = this.suspects;
    this.suspects = [];
    for (const { question, failure } of settled) { this.close(question, { failure }); }
  }

  private close(question: Question, outcome: NonNullable<Question['outcome']>): void {
    this.waiting -= question.others.length;
    this.outcomes.settle(question, outcome);
  }

  /** Waits while too much waits for the disk or for one answer. */
  private async room(): Promise<void> {
    while (!this.ending && (this.outcomes.unwritten >= mostUnwritten || this.waiting >= mostWaiting)) {
      // Nobody is left who could clear those under suspicion.
      if (this.running === 0 && this.suspects.length > 0) { this.settleSuspects(); } else { await this.movement(); }
    }
  }

  /** Resolves when a question has ended, an outcome was written, or all is broken off. */
  private movement(): Promise<void> { return new Promise(resolve => { this.moved = resolve; }); }

  private breakOff(why: string | undefined): void {
    this.stopped ??= why;
    if (this.ending) { return; }
    this.tally.state = 'stopping';
    this.ending = true;
    for (const abort of this.aborts) { abort.abort(); }
    this.suspects = [];
    this.gate.stop();
    this.reading.stop();
    this.moved();
    this.tally.tell();
  }
}

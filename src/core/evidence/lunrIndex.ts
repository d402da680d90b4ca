import { BestList } from './bestList';
import type { RankedPassage } from './bestList';
import { lunrAttributes } from './lunrFallback';
import { lunr } from './lunrInternals';
import type { LunrClause, LunrMatchData, LunrQuery, LunrResult } from './lunrInternals';
import type { Ranking } from './ranking';
import { findString, stringAt } from './stringTable';

/** A term in a field: what Lunr looks up at once. */
interface TermInField {
  readonly term: number;
  readonly field: number;
}

/** A query of plain terms, resolved: weights by term for each field, and term-field pairs in the order in which Lunr meets them. */
interface ResolvedQuery {
  readonly weights: readonly Map<number, number>[];
  readonly pairs: readonly TermInField[];
}

/**
 * A lunr.Index over typed arrays: same documents, order and scores. Plain optional terms are scored here; everything else that Lunr's query language
 * can say (presence, wildcards, edit distance) runs in Lunr's own code over views of the same arrays.
 * References are passage ids, `documentId#n`. Scores agree to the last bit for up to two fields.
 */
export class CompactLunrIndex extends lunr.Index {
  private readonly totals: Float64Array;
  private readonly fieldTotals: Float64Array;
  private readonly stamps: Uint32Array;
  private readonly touched: Uint32Array;
  private stamp = 0;

  constructor(readonly ranking: Ranking) {
    super(lunrAttributes(ranking));
    const passages = ranking.passageDocuments.length;
    this.totals = new Float64Array(passages);
    this.fieldTotals = ranking.fields.length > 1 ? new Float64Array(passages) : this.totals;
    this.stamps = new Uint32Array(passages);
    this.touched = new Uint32Array(passages);
  }

  get passageCount(): number {
    return this.stamps.length;
  }

  /** Passages that hold a term, summed over fields, as lunr.idf counts them; 0 for an unknown term. */
  frequency(term: string): number {
    const number = findString(this.ranking.terms, term);
    if (number < 0) return 0;
    let holders = 0;
    for (const { offsets } of this.ranking.fields) holders += offsets[number + 1]! - offsets[number]!;
    return holders;
  }

  override query(build: (this: LunrQuery, query: LunrQuery) => void): LunrResult[] {
    const query = new lunr.Query(this.fields);
    build.call(query, query);
    // Without clauses Lunr returns every passage, as for a query of prohibited terms only.
    if (query.clauses.length === 0 || !query.clauses.every(isPlain)) return super.query(build);
    const resolved = this.resolve(query.clauses);
    return this.rank(resolved, Infinity).map(({ passage, score }) => this.result(resolved, passage, score));
  }

  /** The best passages for plain optional terms (none for no terms), ordered as `query` orders them. `accept` leaves passages out without changing scores. */
  best(build: (query: LunrQuery) => void, limit: number, accept?: (passage: number) => boolean): RankedPassage[] {
    const query = new lunr.Query(this.fields);
    build(query);
    return this.rank(this.resolve(query.clauses), limit, accept);
  }

  /** Passage id of a passage number. */
  reference(passage: number): string {
    return `${stringAt(this.ranking.documentIds, this.ranking.passageDocuments[passage]!)}#${this.ranking.passageNumbers[passage]!}`;
  }

  private resolve(clauses: readonly LunrClause[]): ResolvedQuery {
    const weights = this.fields.map(() => new Map<number, number>());
    const pairs: TermInField[] = [];
    for (const clause of clauses) {
      const terms = clause.usePipeline ? this.pipeline.runString(clause.term, { fields: clause.fields }) : [clause.term];
      for (const text of terms) {
        const term = findString(this.ranking.terms, text);
        if (term < 0) continue;
        for (const name of clause.fields) {
          const field = this.fields.indexOf(name);
          const known = weights[field]!.get(term);
          if (known === undefined) pairs.push({ term, field });
          weights[field]!.set(term, (known ?? 0) + clause.boost);
        }
      }
    }
    return { weights, pairs };
  }

  private rank(query: ResolvedQuery, limit: number, accept?: (passage: number) => boolean): RankedPassage[] {
    const { count, norm } = this.accumulate(query);
    const order = new DiscoveryOrder(query.pairs, this.ranking);
    const best = new BestList(limit, (a, b) => order.compare(a, b));
    const { touched, totals } = this;
    for (let i = 0; i < count; i++) {
      const passage = touched[i]!;
      // `|| 0` as Lunr does for a query of magnitude 0.
      const score = totals[passage]! / norm || 0;
      totals[passage] = 0;
      if (score >= best.least && (accept === undefined || accept(passage))) best.offer(passage, score);
    }
    return best.finish();
  }

  /**
   * Sums what lunr.Vector#similarity would give, field by field and in Lunr's order of terms, so that rounding agrees too. The totals are still to be
   * divided by `norm`: with one field that is done where they are read.
   */
  private accumulate({ weights }: ResolvedQuery): { readonly count: number; readonly norm: number } {
    const { fieldTotals, stamps, touched, ranking } = this;
    let lastNorm = 1;
    const stamp = ++this.stamp;
    let count = 0;
    // Before anything is added: reading may fail, and sums left over would go into the next search.
    weights.forEach((fieldWeights, field) => { for (const term of fieldWeights.keys()) ranking.fields[field]!.ready(term); });
    weights.forEach((fieldWeights, field) => {
      const terms = [...fieldWeights].sort(([a], [b]) => ranking.ordinals[a]! - ranking.ordinals[b]!);
      const norm = Math.sqrt(terms.reduce((sum, [, weight]) => sum + weight * weight, 0));
      const postings = ranking.fields[field]!;
      const { offsets, passages, scores } = postings;
      for (const [term, weight] of terms) {
        count = addTerm(passages, scores, offsets[term]!, offsets[term + 1]!, weight, fieldTotals, stamps, stamp, touched, count);
      }
      if (weights.length === 1) lastNorm = norm;
      else if (terms.length > 0) this.closeField(count, norm);
    });
    return { count, norm: lastNorm };
  }

  /** Divides the sums of one field by the query's magnitude there (`|| 0` as Lunr does) and adds them to the totals. */
  private closeField(count: number, norm: number): void {
    const { totals, fieldTotals, touched } = this;
    for (let i = 0; i < count; i++) {
      const passage = touched[i]!;
      const similarity = fieldTotals[passage]! / norm || 0;
      fieldTotals[passage] = 0;
      totals[passage]! += similarity;
    }
  }

  private result(query: ResolvedQuery, passage: number, score: number): LunrResult {
    const matchData = (): LunrMatchData => this.matchData(query, passage);
    return {
      ref: this.reference(passage),
      score,
      get matchData() {
        return matchData();
      },
    };
  }

  private matchData(query: ResolvedQuery, passage: number): LunrMatchData {
    const data = new lunr.MatchData();
    for (const { term, field } of query.pairs) {
      if (holds(this.ranking, term, field, passage)) data.add(stringAt(this.ranking.terms, term), this.fields[field]!, {});
    }
    return data;
  }
}

/** Adds one term's weights; `touched` gets the passages met for the first time. A function of its own, so that it is compiled early. */
function addTerm(
  passages: Uint16Array | Uint32Array, scores: Uint16Array | Uint32Array, start: number, end: number, weight: number,
  totals: Float64Array, stamps: Uint32Array, stamp: number, touched: Uint32Array, met: number,
): number {
  let count = met;
  for (let i = start; i < end; i++) {
    const passage = passages[i]!;
    if (stamps[passage] !== stamp) {
      stamps[passage] = stamp;
      touched[count++] = passage;
    }
    totals[passage]! += weight * (scores[i]! / 1000);
  }
  return count;
}

function isPlain(clause: LunrClause): boolean {
  return clause.presence === lunr.Query.presence.OPTIONAL && !clause.editDistance && !clause.term.includes('*');
}

function holds(ranking: Ranking, term: number, field: number, passage: number): boolean {
  const postings = ranking.fields[field]!;
  postings.ready(term);
  const { offsets, passages } = postings;
  let low = offsets[term]!;
  let high = offsets[term + 1]! - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const found = passages[middle]!;
    if (found === passage) return true;
    if (found < passage) low = middle + 1;
    else high = middle - 1;
  }
  return false;
}

/** Lunr keeps passages of equal score in the order in which it met them: by the first term-field pair that holds them, then as they were added. */
class DiscoveryOrder {
  private readonly known = new Map<number, number>();

  constructor(private readonly pairs: readonly TermInField[], private readonly ranking: Ranking) {}

  compare(a: number, b: number): number {
    return (this.pairs.length > 1 ? this.firstPair(a) - this.firstPair(b) : 0) || a - b;
  }

  private firstPair(passage: number): number {
    let first = this.known.get(passage);
    if (first === undefined) {
      first = this.pairs.findIndex(({ term, field }) => holds(this.ranking, term, field, passage));
      this.known.set(passage, first);
    }
    return first;
  }
}

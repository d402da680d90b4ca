/** A passage by its number in the ranking, with Lunr's score. */
export interface RankedPassage {
  readonly passage: number;
  readonly score: number;
}

/** The `limit` best of what is offered, best first. */
export class BestList {
  /** What scores below this is not among the best. */
  least = -Infinity;
  private readonly passages: number[] = [];
  private readonly scores: number[] = [];

  constructor(private readonly limit: number, private readonly compareEqual: (a: number, b: number) => number) {}

  offer(passage: number, score: number): void {
    const { passages, scores, limit } = this;
    if (limit === Infinity) {
      passages.push(passage);
      scores.push(score);
      return;
    }
    const last = passages.length - 1;
    if (passages.length >= limit && !this.before(passage, score, last)) return;
    let place = passages.length < limit ? passages.length : last;
    while (place > 0 && this.before(passage, score, place - 1)) {
      passages[place] = passages[place - 1]!;
      scores[place] = scores[place - 1]!;
      place--;
    }
    passages[place] = passage;
    scores[place] = score;
    if (passages.length >= limit) this.least = scores[limit - 1]!;
  }

  finish(): RankedPassage[] {
    const list = this.passages.map((passage, i) => ({ passage, score: this.scores[i]! }));
    if (this.limit === Infinity) list.sort((a, b) => b.score - a.score || this.compareEqual(a.passage, b.passage));
    return list;
  }

  private before(passage: number, score: number, place: number): boolean {
    if (place < 0) return false;
    const other = this.scores[place]!;
    return score > other || (score === other && this.compareEqual(passage, this.passages[place]!) < 0);
  }
}

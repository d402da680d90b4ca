import type { IndexFile } from './indexFile';
import { mergeSegments } from './mergeSegments';
import { rankSegment } from './ranking';
import type { Ranking } from './ranking';
import { cachePlace, readCachedRanking, writeCachedRanking } from './rankingCache';

export interface OpenedRanking {
  readonly ranking: Ranking;
  /** Settles when the cache has been written, if it had to be. Never rejects. */
  readonly cached: Promise<void>;
}

/** The ranking over all files as one index, from the cache where it holds it. Throws EvidenceIndexError. */
export function openRanking(files: readonly IndexFile[], cacheDir: string | undefined): OpenedRanking {
  const place = cacheDir === undefined ? undefined : cachePlace(cacheDir, files.map(file => file.key));
  const known = place === undefined ? undefined : readCachedRanking(place);
  if (known !== undefined) return { ranking: known, cached: Promise.resolve() };
  const ranking = decode(files);
  return { ranking, cached: place === undefined ? Promise.resolve() : writeCachedRanking(place, ranking) };
}

function decode(files: readonly IndexFile[]): Ranking {
  const segments = files.map(file => file.segment());
  if (segments.length === 1) return rankSegment(segments[0]!);
  const { segment, origin } = mergeSegments(segments, files.map(file => file.file));
  return rankSegment(segment, origin);
}

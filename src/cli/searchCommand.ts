import { expandingStore } from '../core/evidence/expand';
import { snippet } from '../core/evidence/snippet';
import { onePerDocument } from '../core/evidence/onePerDocument';
import { asUsageError, bundledEvidence, bundledKnowledge } from './bundle';
import { UsageError } from './errors';
import { writeOut } from './output';

export interface SearchFlags {
  readonly k: number;
  readonly index?: readonly string[];
  readonly format: 'text' | 'json';
}

/** `kedrec search QUERY`. Resolves to the exit code: 1 when nothing was found. */
export async function searchCommand(query: string, flags: SearchFlags): Promise<number> {
  if (query.trim() === '') { throw new UsageError('The query is empty. Give words such as: kedrec search "dapagliflozin heart failure".'); }
  const evidence = expandingStore(bundledEvidence(flags.index), (await bundledKnowledge()).terminology);
  try {
    // A document can hit with several passages; its best one stands for it.
    const hits = onePerDocument(await evidence.search({ text: query, limit: 3 * flags.k })).slice(0, flags.k);
    const results = hits.map(({ header, passage, score }) => ({
      documentId: header.id, passageId: passage.id, title: header.title, score, source: header.source, url: header.url ?? null, year: header.year ?? null, notice: header.notice ?? null, snippet: snippet(passage.text, query).text.replace(/\s+/g, ' '),
    }));
    await writeOut(flags.format === 'json' ? `${JSON.stringify(results, null, 2)}\n` : results.map(({ documentId, title, year, url, notice, snippet: text }) => `${documentId}  ${title}${year ? ` (${year})` : ''}\n${notice ? `  ! ${notice}\n` : ''}  ${text}\n${url ? `  ${url}\n` : ''}\n`).join(''));
    if (results.length === 0) { process.stderr.write('kedrec: nothing was found. Try generic drug names and full disease names.\n'); }
    return results.length > 0 ? 0 : 1;
  } catch (error) { throw asUsageError(error); } finally { await evidence.dispose(); }
}

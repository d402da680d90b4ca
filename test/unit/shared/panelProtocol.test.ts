import assert from 'node:assert/strict';
import { parseFromPanel } from '../../../src/shared/panelProtocol';

describe('parseFromPanel', () => {
  const key = { drugId: 'd', claim: 0, citation: 1 };
  it('takes the messages of the panel', () => {
    for (const message of [
      { type: 'ready' }, { type: 'action', action: 'retry' }, { type: 'review', annotationId: 'a', drugId: 'd', verdict: 'edited', rationale: 'r', note: undefined },
      { type: 'openCitation', annotationId: 'a', key }, { type: 'openSource', annotationId: 'a', key }, { type: 'revealSpan', annotationId: 'a', span: { start: 0, end: 2 } },
    ]) { assert.deepEqual(parseFromPanel(message), message); }
  });
  it('refuses everything else', () => {
    for (const data of [
      undefined, null, 'ready', 5, [], {}, { type: 'eval' }, { type: 'action', action: 'workbench.action.quit' }, { type: 'review', annotationId: 'a', drugId: 'd', verdict: 'great' },
      { type: 'review', annotationId: 1, drugId: 'd', verdict: 'accepted' }, { type: 'openCitation', annotationId: 'a', key: { ...key, claim: '0' } }, { type: 'openSource', key }, { type: 'revealSpan', annotationId: 'a', span: { start: 0.5, end: 2 } },
    ]) { assert.equal(parseFromPanel(data), undefined, JSON.stringify(data)); }
  });
});

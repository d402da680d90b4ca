import assert from 'node:assert/strict';
import { writeFileSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { openEvidenceStore } from '../../src/core/evidence/store';
import { describeFailure } from '../../src/host/recommend/recommendFeature';
import { extension } from './support';

describe('evidence', () => {
  it('opens an entry as a read-only document with the link to its source', async () => {
    await extension();
    const uri = vscode.Uri.from({ scheme: 'kedrec-evidence', path: '/KG_colchicine.md', query: 'KG:colchicine' });
    const text = (await vscode.workspace.openTextDocument(uri)).getText();
    assert.match(text, /^# Colchicine: drug profile/);
    assert.match(text, /Colchicine is used for gout/);
    const missing = (await vscode.workspace.openTextDocument(uri.with({ query: 'PMID:0', path: '/PMID_0.md' }))).getText();
    assert.match(missing, /No evidence index holds this document/);
  });

  it('says what to do when an index file is corrupt', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'kedrec-corrupt-')), 'evidence.kdx');
    writeFileSync(file, 'not an index');
    const store = openEvidenceStore([{ name: 'bundled', path: file }]);
    const error: unknown = await store.search({ text: 'gout', limit: 1 }).catch((reason: unknown) => reason);
    const { message, advice, actions } = describeFailure(error);
    assert.ok(message.includes('evidence.kdx'));
    assert.match(advice, /Reinstall/);
    assert.ok(actions.includes('retry'));
  });
});

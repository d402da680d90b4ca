import * as vscode from 'vscode';

/** Every command id once; `package.json` declares the same (a test compares them). */
export const commands = {
  recommend: 'kedrec.recommend.selection',
  cancel: 'kedrec.recommend.cancel',
  insert: 'kedrec.annotation.insert',
  openAnnotation: 'kedrec.annotation.open',
  listAnnotations: 'kedrec.annotation.list',
  removeAnnotation: 'kedrec.annotation.remove',
  searchEvidence: 'kedrec.evidence.search',
  buildIndex: 'kedrec.evidence.buildIndex',
  manageIndexes: 'kedrec.evidence.manageIndexes',
  chooseEngine: 'kedrec.engine.choose',
  checkEndpoint: 'kedrec.endpoint.check',
  setApiKey: 'kedrec.endpoint.setApiKey',
  clearApiKey: 'kedrec.endpoint.clearApiKey',
  showLog: 'kedrec.log.show',
  rawAnswer: 'kedrec.log.rawAnswer',
  openSamples: 'kedrec.samples.open',
  openWalkthrough: 'kedrec.walkthrough.open',
} as const;

export const views = { rationale: 'kedrec.rationale', annotations: 'kedrec.annotations' } as const;

/** Scheme of read-only evidence documents. */
export const evidenceScheme = 'kedrec-evidence';

type ContextKey = 'kedrec:working' | 'kedrec:hasAnnotation' | 'kedrec:hasReview' | 'kedrec:hasRawAnswer';
const known = new Map<ContextKey, boolean>();

/** Sets a context key when its value changed. */
export function setContextKey(key: ContextKey, value: boolean): void {
  if (known.get(key) === value) { return; }
  known.set(key, value);
  void vscode.commands.executeCommand('setContext', key, value);
}

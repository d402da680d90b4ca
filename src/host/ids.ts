import * as vscode from 'vscode';

/** Every command id once; `package.json` declares the same (a test compares them). */
export const commands = {
  recommend: 'kedrec.recommend.selection',
  cancel: 'kedrec.recommend.cancel',
  insert: 'kedrec.annotation.insert',
  openAnnotation: 'kedrec.annotation.open',
  listAnnotations: 'kedrec.annotation.list',
  removeAnnotation: 'kedrec.annotation.remove',
  accept: 'kedrec.review.accept',
  acceptAndNext: 'kedrec.review.acceptAndNext',
  reject: 'kedrec.review.reject',
  skip: 'kedrec.review.skip',
  edit: 'kedrec.review.edit',
  undoReview: 'kedrec.review.undo',
  nextUnreviewed: 'kedrec.review.next',
  previousUnreviewed: 'kedrec.review.previous',
  whyHere: 'kedrec.review.why',
  recommendAgain: 'kedrec.review.recommendAgain',
  searchEvidence: 'kedrec.evidence.search',
  buildIndex: 'kedrec.evidence.buildIndex',
  manageIndexes: 'kedrec.evidence.manageIndexes',
  fetchEvidence: 'kedrec.evidence.fetch',
  chooseEngine: 'kedrec.engine.choose',
  checkEndpoint: 'kedrec.endpoint.check',
  previewDeidentified: 'kedrec.privacy.preview',
  choosePrivacy: 'kedrec.privacy.choose',
  setApiKey: 'kedrec.endpoint.setApiKey',
  clearApiKey: 'kedrec.endpoint.clearApiKey',
  addEndpoint: 'kedrec.endpoint.add',
  showPrompt: 'kedrec.prompt.show',
  showLog: 'kedrec.log.show',
  rawAnswer: 'kedrec.log.rawAnswer',
  annotateFile: 'kedrec.batch.annotateFile',
  annotateSelection: 'kedrec.batch.annotateSelection',
  annotateDataset: 'kedrec.batch.annotateDataset',
  batchMenu: 'kedrec.batch.menu',
  pauseBatch: 'kedrec.batch.pause',
  resumeBatch: 'kedrec.batch.resume',
  cancelBatch: 'kedrec.batch.cancel',
  retryFailed: 'kedrec.batch.retryFailed',
  batchReport: 'kedrec.batch.report',
  queueFilter: 'kedrec.queue.filter',
  queueFile: 'kedrec.queue.chooseFile',
  queueMore: 'kedrec.queue.more',
  queueOpen: 'kedrec.queue.open',
  queueAccept: 'kedrec.queue.accept',
  queueReject: 'kedrec.queue.reject',
  queueSkip: 'kedrec.queue.skip',
  queueAdjudicate: 'kedrec.queue.adjudicate',
  agreement: 'kedrec.review.agreement',
  mergeReviews: 'kedrec.review.merge',
  mapFields: 'kedrec.dataset.mapFields',
  joinTables: 'kedrec.dataset.joinTables',
  writeIntoFile: 'kedrec.annotation.writeIntoFile',
  stripFile: 'kedrec.annotation.stripFile',
  openSamples: 'kedrec.samples.open',
  openWalkthrough: 'kedrec.walkthrough.open',
} as const;

export const views = { rationale: 'kedrec.rationale', annotations: 'kedrec.annotations', queue: 'kedrec.queue' } as const;

/** Scheme of read-only reports: what a batch left out, how reviewers agree. */
export const reportScheme = 'kedrec-report';

/** Scheme of read-only evidence documents. */
export const evidenceScheme = 'kedrec-evidence';

type ContextKey = 'kedrec:working' | 'kedrec:hasAnnotation' | 'kedrec:onAnnotation' | 'kedrec:hasReview' | 'kedrec:hasRawAnswer' | 'kedrec:batchRunning' | 'kedrec:batchPaused' | 'kedrec:queueHasItems' | 'kedrec:queueFiltered' | 'kedrec:beyondEditor';
const known = new Map<ContextKey, boolean>();

/** Sets a context key when its value changed. */
export function setContextKey(key: ContextKey, value: boolean): void {
  if (known.get(key) === value) { return; }
  known.set(key, value);
  void vscode.commands.executeCommand('setContext', key, value);
}

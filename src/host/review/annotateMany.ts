import * as vscode from 'vscode';
import type { AnnotationService } from '../annotate/annotationService';
import { BatchFeature } from '../batch/batchFeature';
import { commands } from '../ids';
import type { Privacy } from '../privacy/privacy';
import type { Services } from '../services';
import { showAgreement } from './agreementView';
import { mergeReviews } from './mergeReviews';
import { QueueCommands } from './queueCommands';
import { QueueModel } from './queueModel';
import { QueueTree } from './queueTree';
import { ReportDocuments } from './reportDocuments';

/** Annotating many records and reviewing them one after another: batches, the queue, agreement. */
export class AnnotateMany implements vscode.Disposable {
  readonly batches: BatchFeature;
  readonly queue: QueueModel;
  readonly tree: QueueTree;
  private readonly reports = new ReportDocuments();
  private readonly commands: QueueCommands;

  constructor(private readonly services: Services, private readonly annotations: AnnotationService, privacy: Privacy, memory: vscode.Memento, showInPanel: (id: string) => Promise<void>) {
    this.batches = new BatchFeature(services, annotations, this.reports, privacy, memory);
    this.queue = new QueueModel(services, annotations, this.batches);
    this.tree = new QueueTree(this.queue);
    this.commands = new QueueCommands(annotations, this.queue, this.tree, showInPanel);
  }

  register(register: (id: string, run: (...args: unknown[]) => unknown) => void): void {
    const { batches } = this;
    register(commands.annotateFile, () => batches.annotateFile());
    register(commands.annotateSelection, () => batches.annotateSelection());
    register(commands.annotateDataset, uri => batches.annotateDataset(uri instanceof vscode.Uri ? uri : undefined));
    register(commands.batchMenu, () => batches.menu());
    register(commands.pauseBatch, () => batches.pause());
    register(commands.resumeBatch, () => batches.resume());
    register(commands.cancelBatch, () => batches.cancel());
    register(commands.retryFailed, () => batches.retryFailed());
    register(commands.batchReport, () => batches.showReport());
    register(commands.agreement, () => showAgreement(this.queue, this.reports, this.services.log));
    register(commands.mergeReviews, uri => mergeReviews(this.queue, this.annotations, this.services.log, uri));
    this.commands.register(register);
  }

  /** Offers to go on with interrupted batches. Not awaited by activation. */
  start(): void { void this.batches.offerResume(); }

  dispose(): void {
    for (const part of [this.tree, this.queue, this.batches, this.reports]) { part.dispose(); }
  }
}

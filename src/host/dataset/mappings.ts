import * as vscode from 'vscode';
import { withPlainLineBreaks } from '../../core/dataset/anchors';
import { fieldList, fieldSignature } from '../../core/dataset/formats/fieldList';
import { datasetFormat } from '../../core/dataset/records';
import type { DatasetFormat, RecordMapping } from '../../core/dataset/recordTypes';

const key = 'kedrec.dataset.mappings';

/** The field mappings that were made by hand in this workspace; one holds for every file with the same fields. */
export class DatasetMappings implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly signatures = new WeakMap<vscode.TextDocument, { readonly version: number; readonly signature: string }>();

  readonly onDidChange = this.changed.event;

  constructor(private readonly memory: vscode.Memento) {}

  /** The document's format, judged with its mapping; undefined for what is no dataset. `text` has plain line breaks. */
  formatOf(document: vscode.TextDocument, text?: string): DatasetFormat | undefined {
    const plain = text ?? withPlainLineBreaks(document.getText());
    const format = datasetFormat(document.fileName, document.languageId, plain);
    if (format || this.isEmpty || datasetFormat(document.fileName, document.languageId) !== 'json') { return format; }
    return this.forFields(fieldList(plain, 'json')) ? 'json' : undefined;
  }

  /** The mapping for a document's fields; undefined when they are recognised by their names. */
  of(document: vscode.TextDocument, text?: string): RecordMapping | undefined {
    if (this.isEmpty) { return undefined; }
    const format = datasetFormat(document.fileName, document.languageId);
    if (!format || format === 'fhir' || format === 'notes') { return undefined; }
    let known = this.signatures.get(document);
    if (known?.version !== document.version) {
      known = { version: document.version, signature: fieldSignature(fieldList(text ?? withPlainLineBreaks(document.getText()), format)) };
      this.signatures.set(document, known);
    }
    return this.all[known.signature];
  }

  /** The mapping for fields of these names, as `fieldList` gives them. */
  forFields(names: readonly string[]): RecordMapping | undefined { return this.all[fieldSignature(names)]; }

  /** Keeps a mapping; undefined goes back to the recognised names. */
  async set(names: readonly string[], mapping: RecordMapping | undefined): Promise<void> {
    const { [fieldSignature(names)]: _, ...others } = this.all;
    await this.memory.update(key, mapping ? { ...others, [fieldSignature(names)]: mapping } : others);
    this.changed.fire();
  }

  dispose(): void { this.changed.dispose(); }

  private get all(): Readonly<Record<string, RecordMapping>> { return this.memory.get<Readonly<Record<string, RecordMapping>>>(key, {}); }
  private get isEmpty(): boolean { return Object.keys(this.all).length === 0; }
}

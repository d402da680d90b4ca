// Mocha reporter: the spec output live, and the counts as JSON in the file named by --reporter-option file=PATH.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import Mocha from 'mocha';

export default class CountingReporter extends Mocha.reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const file = options.reporterOptions?.file ?? options.reporterOption?.file;
    runner.once('end', () => {
      if (!file) { return; }
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, JSON.stringify(runner.stats));
    });
  }
}

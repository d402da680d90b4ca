import { writeFileSync } from 'node:fs';
import Mocha from 'mocha';

/** Called by VS Code inside the extension host (extensionTestsPath): runs every test/host/**\/*.test.ts; rejects when a test fails. */
export async function run(): Promise<void> {
  const grep = process.env['GREP'];
  const mocha = new Mocha({ ui: 'bdd', color: false, timeout: 60_000, forbidOnly: process.env['CI'] !== undefined, ...(grep ? { grep } : {}) });
  mocha.suite.emit('pre-require', globalThis, '', mocha);
  await import('virtual:host-tests');
  await new Promise<void>((resolve, reject) => {
    const runner = mocha.run(failures => {
      const file = process.env['HOST_RESULT'];
      if (file) { writeFileSync(file, JSON.stringify(runner.stats)); }
      if (failures > 0) { reject(new Error(`${failures} failed`)); } else { resolve(); }
    });
  });
}

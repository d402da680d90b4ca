// Activation as VS Code itself measures it, and the time from command to first words in the panel: node test/bench/startup.mjs [runs]
import { copyWorkspace, openWorkbench, startServer } from '../e2e/harness.mjs';

const runs = Number(process.argv[2] ?? 5);
const first = [];
const again = [];
const activation = [];
for (let run = 0; run < runs; run++) {
  const workspace = copyWorkspace();
  const server = await startServer({ theme: 'dark' });
  const window = await openWorkbench(server, { folder: workspace.folder });
  try {
    await window.open('rheumatology-gout.md');
    await window.goToLine(5);
    await window.page.waitForTimeout(2000);
    const words = async () => {
      const started = performance.now();
      await window.page.keyboard.press('Control+Alt+R');
      const frame = await window.webview('#root .card');
      const ms = performance.now() - started;
      await frame.locator('footer').waitFor();
      return ms;
    };
    first.push(await words());
    await window.open('psychiatry-depression.md');
    await window.goToLine(5);
    const shown = await window.webview('#root .card');
    const started = performance.now();
    await window.page.keyboard.press('Control+Alt+R');
    await shown.locator('.card', { hasText: 'major depressive disorder' }).first().waitFor();
    again.push(performance.now() - started);
    await window.command('Developer: Startup Performance');
    for (const end = Date.now() + 20_000; Date.now() < end; await window.page.waitForTimeout(500)) {
      const text = (await window.editorText()).split('\n').find(line => /kedrec\.kedrec/i.test(line) && /\d/.test(line));
      if (text) { activation.push(text.replace(/\s+/g, ' ')); break; }
    }
  } finally {
    await window.close();
    await server.stop();
    workspace.remove();
  }
}
const median = list => [...list].sort((a, b) => a - b)[list.length >> 1];
console.log(`command to first card: first time in a window median ${median(first)?.toFixed(0)} ms, later median ${median(again)?.toFixed(0)} ms (${runs} windows)`);
console.log('Startup Performance rows of the extension:');
for (const row of activation) { console.log(`  ${row}`); }

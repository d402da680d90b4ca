// Endpoints as a researcher meets them: the switcher, the prompt, and what the panel says about a model's answer. In a light and a dark window.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { copyWorkspace, openWorkbench, startServer } from './harness.mjs';

/** The scripted server of test/endpoint as a process of its own; resolves to its address. */
async function serve(scenario) {
  const child = spawn(process.execPath, ['--import=tsx', 'test/endpoint/serve.ts', '--scenario', scenario], { stdio: ['ignore', 'pipe', 'inherit'] });
  const url = await new Promise((resolve, reject) => {
    child.stdout.once('data', data => resolve(String(data).trim()));
    child.once('exit', code => reject(new Error(`the scripted server ended with ${code}`)));
  });
  return { url, stop: () => child.kill() };
}

for (const theme of ['light', 'dark']) {
  describe(`endpoints, ${theme}`, function () {
    this.timeout(120_000);
    let student;
    let teacher;
    let server;
    let workspace;
    let window;

    before(async () => {
      [student, teacher] = await Promise.all([serve('normal'), serve('small-context')]);
      workspace = copyWorkspace();
      server = await startServer({ theme, settings: {
        'kedrec.reviewer': 'A. Reviewer', 'kedrec.engine': 'endpoint', 'kedrec.endpoint.active': 'teacher',
        'kedrec.endpoints': { student: { baseUrl: `${student.url}/v1` }, teacher: { baseUrl: `${teacher.url}/v1` } },
      } });
      window = await openWorkbench(server, { folder: workspace.folder });
    });
    after(async () => {
      await window?.close();
      await server?.stop();
      workspace?.remove();
      student?.stop();
      teacher?.stop();
    });
    afterEach(async function () { if (this.currentTest?.state === 'failed') { await window?.screenshot(`failed-endpoint-${theme}-${this.currentTest.title.slice(0, 30).replace(/\W+/g, '-')}`); } });

    it('shows what was left out and how fast the model was', async () => {
      await window.open('cardiology-heart-failure.md');
      await window.goToLine(15);
      await window.page.keyboard.press('Control+Alt+R');
      const frame = await window.webview('#root footer');
      assert.match(await frame.locator('footer .usage').innerText(), /2,000 tokens read, 120 written .* first words after .* tokens\/s/);
      const details = frame.locator('footer details.left-out');
      assert.match(await details.locator('summary').innerText(), /\d+ passages? left out to fit the model.s context of 3,000 tokens/);
      await details.locator('summary').click();
      const left = await details.locator('tbody td:last-child').allInnerTexts();
      assert.ok(left.length > 1 && left.every(Number), left.join());
      assert.match(await frame.locator('.engine').innerText(), /teacher: /);
      await details.locator('summary').evaluate(element => element.scrollIntoView({ block: 'start' }));
      await window.page.waitForTimeout(300);
      await window.screenshot(`endpoint-${theme}-left-out`);
      await frame.locator('footer .research').scrollIntoViewIfNeeded();
      await window.page.waitForTimeout(400);
      await window.screenshot(`endpoint-${theme}-panel`);
    });

    it('switches endpoints from the status bar, and remembers what each can do', async () => {
      assert.match(await window.statusBar('KEDRec: teacher'), /teacher/);
      await window.page.locator('.part.statusbar .statusbar-item', { hasText: 'KEDRec: teacher' }).first().click();
      await window.quick.locator('.monaco-list-row', { hasText: 'student' }).first().waitFor();
      const rows = await window.quickPickRows();
      assert.ok(rows.some(row => /teacher.*in use/s.test(row) && /scripted-model at 127\.0\.0\.1.*vLLM.*context 3,000 tokens/s.test(row)), rows.join(' | '));
      assert.ok(rows.some(row => /Add an endpoint/.test(row)) && rows.some(row => /Evidence engine/.test(row)), rows.join(' | '));
      await window.page.waitForTimeout(300);
      await window.screenshot(`endpoint-${theme}-switcher`);
      await window.page.keyboard.type('student');
      await window.page.keyboard.press('Enter');
      assert.match(await window.notification('is reachable'), /structured output: json_schema/);
      await window.statusBar('KEDRec: student');
    });

    it('shows the prompt, word for word, in a document that cannot be changed', async () => {
      await window.open('cardiology-heart-failure.md');
      await window.goToLine(15);
      await window.command('KEDRec: Show Prompt');
      await window.page.locator('.tab.active', { hasText: 'KEDRec Prompt' }).waitFor();
      const text = await window.editorText();
      assert.match(text, /^# Prompt recommend\.v2, as it would be sent/);
      assert.match(text, /# System message[\s\S]*You are KEDRec[\s\S]*# User message[\s\S]*<case-text mark="[0-9a-f]{12}">[\s\S]*"json_schema"/);
      await window.screenshot(`endpoint-${theme}-prompt`);
    });

    it('adds an endpoint step by step', async () => {
      await window.command('KEDRec: Add Endpoint...', { staysOpen: true });
      await window.quick.locator('.monaco-list-row', { hasText: 'OpenAI-compatible server' }).waitFor();
      await window.page.keyboard.press('Enter');
      await window.page.waitForTimeout(400);
      await window.page.keyboard.type('nonsense');
      await window.page.keyboard.press('Enter');
      await window.quick.locator('text=An http or https address').first().waitFor();
      await window.screenshot(`endpoint-${theme}-add`);
      await window.page.keyboard.press('Control+A');
      await window.page.keyboard.type(`${student.url}/v1`);
      await window.page.keyboard.press('Enter');
      await window.quick.locator('text=API key for').first().waitFor();
      await window.page.keyboard.press('Enter');
      await window.quick.locator('.monaco-list-row', { hasText: 'scripted-model' }).waitFor();
      await window.page.keyboard.press('ArrowDown');
      await window.page.keyboard.press('Enter');
      await window.quick.locator('text=Name, such as student').first().waitFor();
      await window.page.keyboard.press('Control+A');
      await window.page.keyboard.type('baseline');
      await window.page.keyboard.press('Enter');
      await window.statusBar('KEDRec: baseline');
    });
  });
}

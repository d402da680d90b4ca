import assert from 'node:assert/strict';
import { agreementCommand } from '../../../src/cli/agreementCommand';
import { UsageError } from '../../../src/cli/errors';
import { annotated, review, sidecarOf } from './reviewFixture';

/** Runs the command and takes what it writes. */
async function output(files: readonly string[], format: 'text' | 'json'): Promise<{ readonly code: number; readonly text: string }> {
  const parts: string[] = [];
  const write = process.stdout.write;
  process.stdout.write = ((text: string, done?: (error?: Error) => void) => { parts.push(text); done?.(); return true; }) as typeof process.stdout.write;
  try { return { code: await agreementCommand(files, { format, list: 20 }), text: parts.join('') }; } finally { process.stdout.write = write; }
}

describe('kedrec agreement', () => {
  it('prints figures and disagreements over several sidecars, as text and as JSON', async () => {
    const cases = [annotated(0), annotated(1)];
    const files = [sidecarOf([...cases, review(0, 'Ann', 'accepted'), review(1, 'Ann', 'accepted')]), sidecarOf([...cases, review(0, 'Ben', 'accepted'), review(1, 'Ben', 'rejected')])];
    const { code, text } = await output(files, 'text');
    assert.equal(code, 0);
    assert.match(text, /overall +2 {2}0\.50/);
    assert.match(text, /record P-1, Metformin \(recommend\): Ann: accepted, Ben: rejected/);
    const report = JSON.parse((await output(files, 'json')).text) as { schema: string; overall: { units: number } };
    assert.deepEqual([report.schema, report.overall.units], ['kedrec.agreement/1', 2]);
  });

  it('ends with 1 when no two people judged the same', async () => {
    const { code, text } = await output([sidecarOf([annotated(0), review(0, 'Ann', 'accepted')])], 'text');
    assert.equal(code, 1);
    assert.match(text, /Only Ann judged/);
  });

  it('names a file that is not there or holds nothing', async () => {
    await assert.rejects(output(['/nowhere/x.kedrec.jsonl'], 'text'), (error: Error) => error instanceof UsageError && /x\.kedrec\.jsonl cannot be read \(ENOENT\)/.test(error.message));
    await assert.rejects(output([sidecarOf([], '\n')], 'text'), (error: Error) => error instanceof UsageError && /holds no annotation event/.test(error.message));
  });
});

import assert from 'node:assert/strict';
import { buildPrompt } from '../../../src/core/engine/prompts/buildPrompt';
import { parseTemplate, readUserTemplate } from '../../../src/core/engine/prompts/parseTemplate';
import { EngineError } from '../../../src/core/engine/types';
import { makeRequest } from '../../endpoint/fixture';

const good = '<!-- kedrec:system -->\nBe brief.\n<!-- kedrec:user -->\n# Mine\n{{caseText}}\n{{ candidates }}\n{{evidence}}\n';

describe('prompt files', () => {
  it('of users are read, whatever their line breaks, and named by their content', () => {
    const template = readUserTemplate('mine.md', good);
    assert.deepEqual([template.system, template.user], ['Be brief.', '# Mine\n{{caseText}}\n{{ candidates }}\n{{evidence}}']);
    assert.match(template.version, /^user:[0-9a-f]{8}$/);
    assert.equal(readUserTemplate('mine.md', `\uFEFF${good.replace(/\n/g, '\r\n')}`).version, template.version);
    assert.notEqual(readUserTemplate('mine.md', good.replace('brief', 'short')).version, template.version);
    assert.match(readUserTemplate('mine.md', `<!-- kedrec:prompt recommend.v2 -->\n${good}`).version, /^user:/, 'nobody can pass for a prompt of ours');
    const prompt = buildPrompt(makeRequest(), { template });
    assert.equal(prompt.promptVersion, template.version);
    assert.match(prompt.messages[1]?.content ?? '', /- glipizide/);
    assert.ok(!(prompt.messages[1]?.content ?? '').includes('mark='), 'no mark where the template names none');
  });

  it('need no system message', () => {
    const template = readUserTemplate('mine.md', good.slice(good.indexOf('<!-- kedrec:user')));
    assert.deepEqual(buildPrompt(makeRequest(), { template }).messages.map((message) => message.role), ['user']);
  });

  const wrong: readonly [string, string, string, number, number, RegExp][] = [
    ['an unknown placeholder', good.replace('{{evidence}}', 'x {{evidense}}\n{{evidence}}'), 'evidense', 7, 3, /caseText, diseases/],
    ['an empty placeholder', good.replace('# Mine', '# {{}}'), '{{}}', 4, 3, /not known/],
    ['a placeholder in the system message', good.replace('brief', '{{caseText}}'), 'system', 2, 4, /user message/],
    ['a missing placeholder', good.replace('{{evidence}}', ''), 'evidence', 1, 1, /missing/],
    ['a missing user message', good.replace('<!-- kedrec:user -->', ''), 'kedrec:user', 1, 1, /missing/],
    ['a second user message', `${good}<!-- kedrec:user -->\n`, 'second time', 8, 1, /user/],
    ['an unknown line', good.replace('kedrec:system', 'kedrec:sistem'), 'not known', 1, 1, /kedrec:system/],
    ['text outside the messages', `Hello.\n${good}`, 'belongs to no message', 1, 1, /system/],
    ['nothing at all', '', 'kedrec:user', 1, 1, /missing/],
  ];
  for (const [name, source, word, line, column, more] of wrong) {
    it(`are refused for ${name}, with file, line and column`, () => {
      const [problem] = parseTemplate(source).problems.filter(({ message }) => message.includes(word));
      assert.deepEqual([problem?.line, problem?.column], [line, column], JSON.stringify(parseTemplate(source).problems));
      assert.match(problem?.message ?? '', more);
      assert.throws(() => readUserTemplate('/x/mine.md', source), (error: unknown) => EngineError.is(error, 'not-configured') && /\/x\/mine\.md:\d+:\d+ /.test(error.message) && /kedrec\.prompt\.template/.test(error.advice));
    });
  }
});

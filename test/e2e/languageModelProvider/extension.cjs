// A provider of language models: hands each question to the server named by env KEDREC_TEST_MODEL (address with /v1), as another extension would.
/* global AbortController, TextDecoder, fetch, process */
const vscode = require('vscode');

const roomy = { id: 'roomy', name: 'Test Model', family: 'scripted', version: '1', maxInputTokens: 100_000, maxOutputTokens: 4000, capabilities: {} };
const models = [roomy, { ...roomy, id: 'small', name: 'Small Test Model', maxInputTokens: 3000 }, { ...roomy, id: 'refusing', name: 'Refusing Test Model' }];

const textOf = message => message.content.map(part => (part instanceof vscode.LanguageModelTextPart ? part.value : '')).join('');

async function respond(model, messages, options, progress, token) {
  if (model.id === 'refusing') { throw new Error(`This model's maximum context length is 3000 tokens. However, you requested 9000 tokens. ${textOf(messages[0])}`); }
  const stop = new AbortController();
  token.onCancellationRequested(() => stop.abort());
  const response = await fetch(`${process.env.KEDREC_TEST_MODEL}/chat/completions`, {
    method: 'POST', signal: stop.signal, headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      model: 'any', stream: true, max_tokens: options.modelOptions?.max_tokens ?? 2000,
      messages: messages.map(message => ({ role: message.role === vscode.LanguageModelChatMessageRole.Assistant ? 'assistant' : 'user', content: textOf(message) })),
    }),
  });
  if (!response.ok) { throw new Error(await response.text()); }
  const decoder = new TextDecoder();
  let rest = '';
  for await (const bytes of response.body) {
    const lines = (rest + decoder.decode(bytes, { stream: true })).split('\n');
    rest = lines.pop();
    for (const line of lines) {
      if (!line.startsWith('data: {')) { continue; }
      const text = JSON.parse(line.slice(6)).choices?.[0]?.delta?.content;
      if (text) { progress.report(new vscode.LanguageModelTextPart(text)); }
    }
  }
}

exports.activate = context => {
  context.subscriptions.push(vscode.lm.registerLanguageModelChatProvider('kedrec-test', {
    provideLanguageModelChatInformation: () => models,
    provideLanguageModelChatResponse: respond,
    provideTokenCount: (_model, text) => Math.ceil((typeof text === 'string' ? text : textOf(text)).length / 4),
  }));
};

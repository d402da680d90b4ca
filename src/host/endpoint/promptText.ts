import type { PromptPreview } from '../../core/engine/prompts/preview';
import type { Settings } from '../settings';
import { defaultEndpoint } from './endpointSettings';

type Body = Readonly<Record<string, unknown>>;

/** The document of "Show Prompt": who gets it, the messages word for word, then everything else of the request. */
export function promptText(preview: PromptPreview, sent: readonly { readonly at: Date; readonly body: Body }[], settings: Settings): string {
  const { prompt, address, leftOut } = preview;
  const first = [...sent].reverse().find(({ body }) => same(messagesOf(body), messagesOf(preview.body)));
  const since = first ? sent.slice(sent.indexOf(first)) : [];
  // A repair repeats the messages that it is about.
  const repairs = since.slice(1).filter(({ body }) => same(messagesOf(body).slice(0, messagesOf(preview.body).length), messagesOf(preview.body)));
  const body = first?.body ?? preview.body;
  const { name, kind, baseUrl } = settings.endpoint;
  return [
    `# Prompt ${prompt.promptVersion}, ${first ? `as it was sent at ${first.at.toISOString().slice(0, 19).replace('T', ' ')} UTC` : 'as it would be sent'}`,
    '',
    `- To: ${kind === 'openai' && baseUrl === '' ? 'nobody: no endpoint is set' : `${address}${name === defaultEndpoint ? '' : ` (endpoint "${name}")`}`}`,
    ...(settings.engine === 'evidence' ? ['- The evidence engine is in use: it sends nothing. This is what the endpoint would get.'] : []),
    `- Model: ${String(body.model)}`,
    `- Seed of the candidates\u2019 order: ${prompt.seed} (${prompt.candidates.map(({ drug }) => drug.name).join(', ')})`,
    ...(leftOut ? [`- Left out to fit the context: ${leftOut.passages.map(({ label, documentId }) => `${label} ${documentId}`).join(', ')}`] : []),
    '',
    ...messagesOf(body).flatMap(message),
    ...repairs.flatMap(({ at, body: repair }, index) => [`# Repair ${index + 1}, sent at ${at.toISOString().slice(11, 19)} UTC`, '', ...messagesOf(repair).slice(messagesOf(preview.body).length).flatMap(message)]),
    '# Everything else of the request',
    '',
    '```json',
    JSON.stringify({ ...body, messages: '(above)' }, undefined, 2),
    '```',
    '',
  ].join('\n');
}

interface Message { readonly role: string; readonly content: string }

function messagesOf(body: Body): readonly Message[] { return Array.isArray(body.messages) ? body.messages as Message[] : []; }

function same(a: readonly Message[], b: readonly Message[]): boolean { return a.length > 0 && JSON.stringify(a) === JSON.stringify(b); }

/** Fenced by more tildes than any line of it has, so that nothing in it can end the fence. */
function message({ role, content }: Message): string[] {
  const longest = Math.max(3, ...(content.match(/^~{3,}/gm) ?? []).map(run => run.length));
  const fence = '~'.repeat(longest + 1);
  return [`# ${role[0]?.toUpperCase() ?? ''}${role.slice(1)} message`, '', `${fence}text`, content, fence, ''];
}

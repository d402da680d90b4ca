import type { ChatCompletionCreateParamsStreaming } from 'openai/resources/chat/completions';
import { answerGrammar } from '../answer/grammar';
import type { ChatQuestion } from '../asking/chat';
import type { PromptMessage } from '../prompts/buildPrompt';
import type { RequestProfile } from './requestProfile';

/** Writes a question in the way that a server takes: the body that is sent. */
export function requestBody(question: ChatQuestion, profile: RequestProfile): ChatCompletionCreateParamsStreaming {
  return {
    model: question.model,
    messages: profile.systemRole ? [...question.messages] : withoutSystemRole(question.messages),
    stream: true,
    ...(profile.streamUsage ? { stream_options: { include_usage: true } } : {}),
    ...(profile.temperature ? { temperature: question.temperature } : {}),
    [profile.tokensField]: question.maxTokens,
    ...structuredOutput(question.schema, profile),
  };
}

function structuredOutput(schema: ChatQuestion['schema'], profile: RequestProfile): Record<string, unknown> {
  if (!schema) {
    return {};
  }
  switch (profile.format) {
    case 'json_schema_bounded':
    case 'json_schema':
      return { response_format: { type: 'json_schema', json_schema: { name: 'answer', strict: true, schema: { ...schema(profile.format === 'json_schema_bounded') } } } };
    // vLLM since 0.11; earlier versions took guided_json, and take the schema in response_format.
    case 'structured_outputs': return { structured_outputs: { json: schema(true) } };
    case 'grammar': return { grammar: answerGrammar(schema(true)) };
    case 'json_object': return { response_format: { type: 'json_object' } };
    case 'plain': return {};
  }
}

/** Puts the rules into the first message, for models without a system role. */
export function withoutSystemRole(messages: readonly PromptMessage[]): PromptMessage[] {
  const system = messages.filter((message) => message.role === 'system').map((message) => message.content);
  const rest = messages.filter((message) => message.role !== 'system');
  return rest.map((message, i) => (i === 0 ? { ...message, content: [...system, message.content].join('\n\n') } : message));
}

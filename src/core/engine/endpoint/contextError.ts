import type { ContextOverflow } from '../asking/chat';

const wordings = [
  /maximum context length/i, // OpenAI, vLLM
  /context_length_exceeded|exceed_context_size/i, // OpenAI, llama.cpp
  /exceeds? (?:the )?(?:available |model'?s? )?(?:maximum )?context/i, // llama.cpp, LM Studio
  /longer than the (?:model'?s )?(?:maximum )?(?:context|model)/i, // SGLang, vLLM
  /`?inputs`? tokens \+ `?max_new_tokens`? must be/i, // TGI
  /(?:prompt|input|request|message)s? (?:is |are |was )?(?:too (?:long|large)|exceeds?).{0,60}(?:context|tokens?)/i,
  /context (?:window|length|size|limit).{0,40}(?:exceed|overflow|too (?:small|long)|reached)/i,
  /max_model_len/i, // vLLM, also where only the answer asked for is too long
  /greater than the context length|number of tokens to keep|loaded with context length/i, // LM Studio
  /`?inputs`? must have less than [\d,]+ tokens/i, // TGI
  /token count \(?[\d,]*\)? ?exceeds? the maximum number of tokens/i, // gateways to Gemini
];

/** Recognises "context too long" in any server's wording; undefined when the text says something else. */
export function readContextOverflow(body: string): ContextOverflow | undefined {
  if (!wordings.some((wording) => wording.test(body))) {
    return undefined;
  }
  const number = (...patterns: readonly RegExp[]): number | undefined => {
    for (const pattern of patterns) {
      const found = pattern.exec(body)?.[1];
      if (found) {
        return Number(found.replace(/[,_]/g, ''));
      }
    }
    return undefined;
  };
  const limit = number(/"?n_ctx"?\s*:\s*(\d+)/, /context length (?:is|of)(?: only)? ?\(?([\d,]+)/i, /must be <= ?([\d,]+)/i, /must have less than ([\d,]+)/i,
    /maximum model length of ([\d,]+)/i, /tokens > ([\d,]+) maximum/i, /tokens allowed \(([\d,]+)\)/i, /context (?:length|size|window)\D{0,30}?([\d,]{3,})/i, /max_model_len\D{0,20}([\d,]+)/i);
  const known = limit === undefined ? {} : { limit };
  // vLLM stops counting one token above the limit; characters, which it names for very long texts, are no tokens.
  const promptAtLeast = number(/at least ([\d,]+) input tokens/i);
  if (promptAtLeast !== undefined) {
    return { ...known, promptAtLeast };
  }
  const prompt = number(/"n_prompt_tokens"\s*:\s*(\d+)/, /\(([\d,]+) in (?:the messages|your prompt)/i, /([\d,]+) (?:in your prompt|tokens from the input)/i, /([\d,]+) `?input(?:s`?| tokens)/i, /prompt \(length ([\d,]+)\)/i);
  if (prompt !== undefined && prompt !== limit) {
    return { ...known, prompt };
  }
  const requested = number(/n_keep: ?(\d+)/i, /requested (?:about |a total of )?([\d,]+)/i, /(?:resulted in|request has|contains?) ([\d,]+)\b(?! characters)/i,
    /Given: ?([\d,]+)/i, /(?:input|prompt|request) \(([\d,]+) tokens?\)/i, /\(([\d,]+) tokens?\)/i, /too long: ([\d,]+) tokens/i, /token count \(([\d,]+)\)/i,
    /keep the first ([\d,]+) tokens/i);
  return { ...known, ...(requested === undefined ? {} : { requested }) };
}

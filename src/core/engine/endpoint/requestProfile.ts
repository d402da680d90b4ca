/**
 * How structured output is asked for, from the strictest down. `bounded` adds places and bounds to the schema's arrays; `structured_outputs` is vLLM's
 * own field and `grammar` llama.cpp's, for versions that refuse or ignore `response_format`.
 */
export type AnswerFormat = 'json_schema_bounded' | 'json_schema' | 'structured_outputs' | 'grammar' | 'json_object' | 'plain';

/** What one server and model take; found out once and remembered. */
export interface RequestProfile {
  readonly format: AnswerFormat;
  readonly streamUsage: boolean;
  readonly tokensField: 'max_tokens' | 'max_completion_tokens';
  readonly temperature: boolean;
  readonly systemRole: boolean;
}

/** What is tried first. */
export const fullProfile: RequestProfile = { format: 'json_schema_bounded', streamUsage: true, tokensField: 'max_tokens', temperature: true, systemRole: true };

const ladder: readonly AnswerFormat[] = ['json_schema_bounded', 'json_schema', 'structured_outputs', 'grammar', 'json_object', 'plain'];

/** Formats that only some servers know; others refuse a request with an unknown field. */
const ownFields: Readonly<Partial<Record<AnswerFormat, readonly string[]>>> = { structured_outputs: ['vLLM'], grammar: ['llama.cpp'] };

/** The same profile with the next simpler way to ask for JSON that this kind of server may know; undefined at the end of the ladder. */
export function nextFormat(profile: RequestProfile, serverKind?: string): RequestProfile | undefined {
  const next = ladder.slice(ladder.indexOf(profile.format) + 1).find((format) => ownFields[format]?.includes(serverKind ?? '') ?? true);
  return next ? { ...profile, format: next } : undefined;
}

/**
 * A humbler profile after a server refused a request (status 400, 422 or 501) with this body; undefined when nothing is left to give up.
 * Where the body names no field, structured output is given up step by step, as it is what servers differ in most.
 */
export function humblerProfile(profile: RequestProfile, body: string, serverKind?: string): RequestProfile | undefined {
  if (profile.tokensField === 'max_tokens' && /max_completion_tokens/.test(body)) {
    return { ...profile, tokensField: 'max_completion_tokens' };
  }
  if (profile.streamUsage && /stream_options|include_usage/.test(body)) {
    return { ...profile, streamUsage: false };
  }
  if (profile.temperature && /temperature/.test(body)) {
    return { ...profile, temperature: false };
  }
  if (profile.systemRole && /system (?:role|message|prompt)|role.{0,20}system|roles? must alternate/i.test(body)) {
    return { ...profile, systemRole: false };
  }
  // A server that refuses the bounds of the schema's arrays says so; any other complaint is about the format as a whole.
  if (profile.format === 'json_schema_bounded' && !/prefixItems|minItems|maxItems|\bitems\b|keyword/i.test(body)) {
    return nextFormat({ ...profile, format: 'json_schema' }, serverKind);
  }
  const simpler = nextFormat(profile, serverKind);
  return simpler ?? (profile.streamUsage ? { ...profile, streamUsage: false } : undefined);
}

/** How structured output is asked for, from the strictest down. `bounded` adds places and bounds to the schema's arrays. */
export type AnswerFormat = 'json_schema_bounded' | 'json_schema' | 'json_object' | 'plain';

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

const ladder: readonly AnswerFormat[] = ['json_schema_bounded', 'json_schema', 'json_object', 'plain'];

/** The same profile with the next simpler way to ask for JSON; undefined at the end of the ladder. */
export function nextFormat(profile: RequestProfile): RequestProfile | undefined {
  const next = ladder[ladder.indexOf(profile.format) + 1];
  return next ? { ...profile, format: next } : undefined;
}

/**
 * A humbler profile after a server refused a request (status 400, 422 or 501) with this body; undefined when nothing is left to give up.
 * Where the body names no field, structured output is given up step by step, as it is what servers differ in most.
 */
export function humblerProfile(profile: RequestProfile, body: string): RequestProfile | undefined {
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
    return { ...profile, format: 'json_object' };
  }
  const simpler = nextFormat(profile);
  return simpler ?? (profile.streamUsage ? { ...profile, streamUsage: false } : undefined);
}

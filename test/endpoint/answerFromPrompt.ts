/** What the scripted server reads out of the prompt that it got. */
export interface PromptParts {
  readonly candidates: readonly { readonly name: string; readonly avoid?: string }[];
  readonly passages: readonly { readonly label: string; readonly document: string; readonly title: string; readonly text: string }[];
}

/** One entry of an answer, as the client's schema wants it. */
export interface AnswerEntry {
  drug: string;
  decision: string;
  confidence: number;
  summary: string;
  claims: { text: string; stance: string; citations: string[] }[];
}

/** Reads candidates and passages from the user's message. */
export function parsePrompt(user: string): PromptParts {
  const section = /# Candidates\n([\s\S]*?)\n(?:<\/candidates>\n+)?# Evidence/.exec(user)?.[1] ?? '';
  const candidates = section.split(/^- /m).slice(1).map((block) => {
    const avoid = /safety flag, AVOID: (.*)/.exec(block)?.[1];
    return { name: (block.split('\n')[0] ?? '').trim(), ...(avoid ? { avoid } : {}) };
  });
  const passages = [...user.matchAll(/<passage ([^>\n]*)>\n([\s\S]*?)\n<\/passage>/g)].map((match) => {
    const attribute = (name: string): string => new RegExp(`\\b${name}="([^"]*)"`).exec(match[1] ?? '')?.[1] ?? '';
    return { label: attribute('label'), document: attribute('document'), title: attribute('title'), text: match[2] ?? '' };
  });
  return { candidates, passages };
}

/** A genuine answer: for each candidate the sentences of the evidence that name it, with their labels. */
export function answerFor(parts: PromptParts): { recommendations: AnswerEntry[] } {
  return { recommendations: parts.candidates.map((candidate) => entryFor(candidate, parts)) };
}

function entryFor(candidate: PromptParts['candidates'][number], parts: PromptParts): AnswerEntry {
  const name = candidate.name.toLowerCase();
  const about = parts.passages.filter((passage) => `${passage.title} ${passage.text}`.toLowerCase().includes(name));
  const claims = about.slice(0, 3).map((passage) => ({ text: sentenceNaming(passage.text, name), stance: 'for', citations: [passage.label] }));
  if (candidate.avoid) {
    return { drug: candidate.name, decision: 'avoid', confidence: 0.9, summary: candidate.avoid, claims: [{ text: candidate.avoid, stance: 'safety', citations: [] }] };
  }
  if (claims.length === 0) {
    return { drug: candidate.name, decision: 'insufficient-evidence', confidence: 0.3, summary: `No passage given speaks of ${candidate.name}.`, claims };
  }
  const decision = claims.length > 1 ? 'recommend' : 'consider';
  return { drug: candidate.name, decision, confidence: claims.length > 1 ? 0.8 : 0.6, summary: `${claims.length} of ${parts.passages.length} passages speak of ${candidate.name}.`, claims };
}

function sentenceNaming(text: string, name: string): string {
  const sentences = text.split(/(?<=[.!?])\s+/);
  return sentences.find((sentence) => sentence.toLowerCase().includes(name)) ?? sentences[0] ?? text;
}

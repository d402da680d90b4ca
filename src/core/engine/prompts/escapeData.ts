const ownTags = /<(?=\s*\/?\s*(?:case-text|passage|candidates?|evidence)\b)/gi;
/** Control tokens of the common chat templates: some servers tokenise them inside content as if the template had written them. */
const templateTokens = /<(?=\|)|<(?=\/?s>)|<(?=<\/?SYS>>)|<(?=\/?(?:start_of_turn|end_of_turn|bos|eos|think)>)|<(?=｜)|\[(?=\/?INST\])/gi;

/** Makes text safe to stand between our tags: what would close a tag or start a chat turn is set apart; nothing else changes. */
export function escapeData(text: string): string {
  return text
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, ' ')
    .replace(ownTags, '< ')
    .replace(templateTokens, (bracket) => `${bracket} `);
}

/** The same for a value inside a tag's quoted attribute. */
export function escapeAttribute(text: string): string {
  return escapeData(text).replace(/\s+/g, ' ').replace(/"/g, "'").trim();
}

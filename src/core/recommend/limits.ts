/** Longest text of one case, in UTF-16 code units: some forty pages; above it a person should say which part is the case. */
export const maxCaseLength = 100_000;

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** ISO date, as far as it is known, of "2010-08-02", "20140113", "August 2, 2010", "July 2010", "2012 Sep 3" or "2012"; undefined for others. */
export function isoDate(text: string | undefined): string | undefined {
  const value = text?.trim() ?? '';
  const digits = /^(\d{4})(?:-?(\d{2})(?:-?(\d{2}))?)?(?:T.*|\d{6}.*)?$/.exec(value);
  if (digits) return joined(digits[1]!, digits[2], digits[3]);
  const named = /^([A-Za-z]{3})[a-z]*\.?(?:\s+(\d{1,2}),)?\s+(\d{4})$/.exec(value);
  if (named) return joined(named[3]!, monthNumber(named[1]!), named[2]);
  const yearFirst = /^(\d{4})\s+([A-Za-z]{3})[a-z]*(?:\s+(\d{1,2}))?/.exec(value);
  if (yearFirst) return joined(yearFirst[1]!, monthNumber(yearFirst[2]!), yearFirst[3]);
  return undefined;
}

/** ISO date of parts as PubMed writes them (month by number or name). */
export function dateOfParts(year: string | undefined, month?: string, day?: string): string | undefined {
  if (year === undefined || !/^\d{4}$/.test(year)) return undefined;
  return joined(year, month === undefined ? undefined : /^\d+$/.test(month) ? month : monthNumber(month), day);
}

/** The first plausible year in a text. */
export function yearIn(text: string | undefined): number | undefined {
  const year = /(?<!\d)(1[89]\d\d|20\d\d)(?!\d{1,3}(?!\d))/.exec(text ?? '')?.[1];
  return year === undefined ? undefined : Number(year);
}

function monthNumber(name: string): string | undefined {
  const month = MONTHS.indexOf(name.slice(0, 3).toLowerCase()) + 1;
  return month > 0 ? String(month) : undefined;
}

function joined(year: string, month: string | undefined, day: string | undefined): string {
  const two = (part: string): string => part.padStart(2, '0');
  return month === undefined ? year : day === undefined ? `${year}-${two(month)}` : `${year}-${two(month)}-${two(day)}`;
}

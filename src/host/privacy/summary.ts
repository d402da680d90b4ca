import { countByClass } from '../../core/text/deidentify/deidentify';
import type { IdentifierClass, Replacement } from '../../core/text/deidentify/types';

const names: Record<IdentifierClass, readonly [one: string, many: string]> = {
  name: ['name', 'names'], place: ['place', 'places'], date: ['date', 'dates'], age: ['age over 89', 'ages over 89'], phone: ['phone number', 'phone numbers'], fax: ['fax number', 'fax numbers'],
  email: ['e-mail address', 'e-mail addresses'], ssn: ['social security number', 'social security numbers'], record: ['record number', 'record numbers'], account: ['account number', 'account numbers'],
  licence: ['licence number', 'licence numbers'], vehicle: ['vehicle number', 'vehicle numbers'], device: ['device number', 'device numbers'], url: ['web address', 'web addresses'], ip: ['IP address', 'IP addresses'],
};

/** "3 names, 2 dates": counts only, never text. */
export function summaryOf(replacements: readonly Replacement[]): string {
  const parts = countByClass(replacements).map(([kind, count]) => `${count} ${names[kind][count === 1 ? 0 : 1]}`);
  return parts.length === 0 ? 'no identifiers were found' : parts.join(', ');
}

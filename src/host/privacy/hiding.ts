import { terminologyGuard } from '../../core/terminology/guard';
import { createDeidentifier } from '../../core/text/deidentify/deidentify';
import { sideBySide } from '../../core/text/deidentify/sideBySide';
import type { Guard, Replacement } from '../../core/text/deidentify/types';
import { summaryOf } from './summary';

// What hides identifiers, in one part that is loaded when text is first to leave.
export { deidentifyRequest, deidentifying } from '../../core/engine/deidentifiedEngine';
export { summaryOf, terminologyGuard };

/** Both sides of the diff; each case has its own surrogates, as when it is sent. */
export function hide(cases: readonly { readonly text: string; readonly disease?: string }[], guard: Guard): { readonly original: string; readonly changed: string; readonly replacements: readonly Replacement[] } {
  const replacements: Replacement[] = [];
  const sides = cases.map(({ text, disease }, index) => {
    const whole = [text, ...(disease ? [`Disease: ${disease}`] : [])];
    const deidentifier = createDeidentifier(whole, guard);
    const hidden = whole.map(part => deidentifier.hide(part));
    replacements.push(...hidden.flatMap(part => part.replacements));
    const heading = cases.length > 1 ? `--- case ${index + 1}\n` : '';
    const shown = whole.map((part, at) => sideBySide(part, hidden[at]!.replacements));
    return [heading + shown.map(([left]) => left).join('\n'), heading + shown.map(([, right]) => right).join('\n')] as const;
  });
  return { original: sides.map(([side]) => side).join('\n\n'), changed: sides.map(([, side]) => side).join('\n\n'), replacements };
}

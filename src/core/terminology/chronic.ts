import type { Disease } from './types';

/** Words of diseases that last although another word of their name says otherwise. */
const LASTING = /chronic|\bhiv\b|immunodeficiency virus|hepatitis [bcd]\b|ulcerative colitis|hereditary|familial|intermittent porphyria|interstitial cystitis|recurrent|waldenstr|allergic (?:conjunctivitis|bronchopulmonary)|multiple endocrine|orthostatic|tumou?r-induced/i;
const INFECTIONS = 'infection|pneumonia|sepsis|septic|meningitis|encephalitis|cellulitis|cystitis|pyelonephritis|prostatitis|pharyngitis|tonsillitis|sinusitis|otitis|bronchiolitis|bronchitis|malaria|covid|influenza|' +
  'syphilis|gonorrh|chlamydia|tubercul|measles|varicella|zoster|common cold|croup|pertussis|tetanus|diphtheria|plague|anthrax|leptospir|lyme|brucell|shigell|campylobacter|typhoid|cholera|dengue|fever|scabies|' +
  'impetigo|dysentery|diarrh|helminth|am[o]?ebiasis|giardia|difficile|pylori|vaginosis|candid|trichomon|abscess|osteomyelitis|endocarditis|peritonitis|conjunctivitis|pelvic inflammatory|gangrene|leishmania|' +
  'toxoplasm|echinococ|taenia|tularemia|listeri|nocardi|mucormyc|aspergill|histoplasm|blastomyc|coccidioid|ebola|mpox|rabies|babesi|trypanosom|schistosom|onchocerc|filaria|enterob|\\blice\\b|molluscum|' +
  'lymphogranuloma|chancroid|keratitis';
const CANCERS = 'cancer|carcinoma|acute \\w+ leuk[a]?emia|leuk[a]?emia|lymphoma|melanoma|sarcoma|glioblastoma|blastoma|glioma|tumou?r|neoplas|mesothelioma|thymoma';
const EVENTS = 'acute|infarction|stroke|isch[a]?emic attack|embolism|thrombosis|h[a]?emorrhage|bleeding|anaphylaxis|ketoacidosis|shock|arrest|fracture|withdrawal|overdose|poisoning|intoxication|toxicity|appendicitis|delirium|' +
  'angio-?o?edema|guillain|ulcer|status epilepticus|rhabdomyolysis|serotonin syndrome|neuroleptic malignant|torsades|storm|ventricular fibrillation|obstruction|perforation|megacolon|epistaxis|dehydration|hypoglyc|' +
  'acidosis|alkalosis|respiratory failure|liver failure|hypertensive emergency|kawasaki|cytokine|hypotension|nausea|pulmonary edema|cerebral edema|altitude|wernicke|neutropeni|hypokal|hyperkal|hyponat|hypernat|\\bpericarditis|' +
  'myocarditis|cholecystitis|cholangitis|diverticulitis|gastritis|volvulus|intussusception|torsion|dissection|tamponade|rupture|injury|\\bburn|pneumothorax|h[a]?emothorax|chylothorax|pleural effusion|empyema|' +
  'mastoiditis|discitis|fasciitis|necrolysis|stevens-johnson|erythema multiforme|endophthalmitis|detachment|takotsubo|encephalopathy syndrome|purpura fulminans|priapism|botulism|typhus|mononucleosis';
const PREGNANCY = 'pregnan|breast-?feeding|lactation|eclampsia|postpartum|gestational|miscarriage|preterm|hyperemesis|labor';
const PASSING = new RegExp([INFECTIONS, CANCERS, EVENTS, PREGNANCY].join('|'), 'i');

/**
 * Whether a patient who ever had it is taken to have it still. The corpus has no such field, so the name decides: infections, events, cancers and
 * states such as pregnancy pass; every other disease lasts.
 */
export function isChronic(disease: Disease): boolean {
  return LASTING.test(disease.name) || !PASSING.test(disease.name);
}

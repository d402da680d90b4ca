/** A part of the body with the cancers that are named by it. */
interface Site {
  /** As in "carcinoma of the ...". */
  readonly nouns: readonly string[];
  /** As in "... carcinoma". */
  readonly adjectives: readonly string[];
  /** Name of the cancer, and the kinds of tissue that it stands for. */
  readonly cancers: readonly { readonly name: string; readonly kinds: readonly string[] }[];
}

const ANY = ['cancer', 'carcinoma', 'malignancy', 'malignant tumor', 'malignant neoplasm'];
const GLAND = ['adenocarcinoma'];
const SQUAMOUS = ['squamous cell carcinoma', 'squamous cell cancer', 'squamous carcinoma', 'SCC'];

const SITES: readonly Site[] = [
  { nouns: ['lung', 'right lung', 'left lung', 'bronchus'], adjectives: ['lung', 'pulmonary', 'bronchial'], cancers: [{ name: 'lung cancer', kinds: ANY }, { name: 'non-small cell lung cancer', kinds: [...GLAND, ...SQUAMOUS, 'large cell carcinoma'] }] },
  { nouns: ['breast', 'right breast', 'left breast'], adjectives: ['breast', 'mammary'], cancers: [{ name: 'breast cancer', kinds: [...ANY, ...GLAND, 'ductal carcinoma', 'lobular carcinoma', 'ductal adenocarcinoma'] }] },
  { nouns: ['stomach', 'gastric antrum', 'antrum', 'gastric cardia', 'cardia', 'gastric body', 'gastric fundus', 'pylorus'], adjectives: ['stomach', 'gastric'], cancers: [{ name: 'gastric cancer', kinds: [...ANY, ...GLAND, 'signet ring cell carcinoma'] }] },
  { nouns: ['esophagus', 'distal esophagus', 'lower esophagus', 'thoracic esophagus'], adjectives: ['esophageal'], cancers: [{ name: 'esophageal cancer', kinds: [...ANY, ...GLAND, ...SQUAMOUS] }] },
  {
    nouns: ['pancreas', 'head of the pancreas', 'body of the pancreas', 'tail of the pancreas', 'pancreatic head', 'pancreatic body', 'pancreatic tail'], adjectives: ['pancreatic', 'pancreas', 'pancreatic ductal'],
    cancers: [{ name: 'pancreatic cancer', kinds: [...ANY, ...GLAND, ...SQUAMOUS, 'ductal adenocarcinoma'] }],
  },
  {
    nouns: ['colon', 'sigmoid colon', 'sigmoid', 'ascending colon', 'descending colon', 'transverse colon', 'right colon', 'left colon', 'cecum', 'rectum', 'colon and rectum', 'rectosigmoid', 'large bowel', 'large intestine'],
    adjectives: ['colon', 'colonic', 'rectal', 'colorectal', 'rectosigmoid', 'sigmoid colon', 'cecal'], cancers: [{ name: 'colorectal cancer', kinds: [...ANY, ...GLAND] }],
  },
  { nouns: ['cervix', 'uterine cervix', 'cervix uteri'], adjectives: ['uterine cervical'], cancers: [{ name: 'cervical cancer', kinds: [...ANY, ...GLAND, ...SQUAMOUS] }] },
  { nouns: ['endometrium', 'uterus', 'corpus uteri', 'uterine corpus'], adjectives: ['endometrial', 'uterine'], cancers: [{ name: 'endometrial cancer', kinds: [...ANY, ...GLAND, 'endometrioid carcinoma', 'endometrioid adenocarcinoma'] }] },
  {
    nouns: ['ovary', 'right ovary', 'left ovary', 'ovaries'], adjectives: ['ovarian'],
    cancers: [{ name: 'ovarian cancer', kinds: [...ANY, ...GLAND, 'serous carcinoma', 'serous adenocarcinoma', 'clear cell carcinoma', 'endometrioid carcinoma', 'mucinous carcinoma'] }],
  },
  { nouns: ['prostate', 'prostate gland'], adjectives: ['prostate', 'prostatic'], cancers: [{ name: 'prostate cancer', kinds: [...ANY, ...GLAND] }] },
  { nouns: ['bladder', 'urinary bladder', 'renal pelvis', 'ureter'], adjectives: ['bladder', 'urinary bladder'], cancers: [{ name: 'urothelial carcinoma', kinds: ['carcinoma', 'urothelial carcinoma', 'transitional cell carcinoma'] }] },
  { nouns: ['kidney', 'right kidney', 'left kidney'], adjectives: ['kidney', 'renal'], cancers: [{ name: 'renal cell carcinoma', kinds: ['cancer', 'carcinoma', 'adenocarcinoma', 'clear cell carcinoma'] }] },
  { nouns: ['thyroid', 'thyroid gland'], adjectives: ['thyroid'], cancers: [{ name: 'thyroid cancer', kinds: [...ANY, 'papillary carcinoma', 'follicular carcinoma'] }] },
  { nouns: ['bile duct', 'common bile duct', 'biliary tract'], adjectives: ['bile duct', 'biliary'], cancers: [{ name: 'cholangiocarcinoma', kinds: [...ANY, ...GLAND] }] },
  {
    nouns: ['larynx', 'pharynx', 'oropharynx', 'hypopharynx', 'nasopharynx', 'oral cavity', 'mouth', 'floor of the mouth', 'tongue', 'base of the tongue', 'tonsil'],
    adjectives: ['laryngeal', 'pharyngeal', 'oropharyngeal', 'hypopharyngeal', 'nasopharyngeal', 'oral', 'oral cavity', 'tonsillar', 'tongue'], cancers: [{ name: 'head and neck cancer', kinds: ['cancer', 'carcinoma', ...SQUAMOUS] }],
  },
  { nouns: ['testis', 'testicle'], adjectives: ['testicular'], cancers: [{ name: 'testicular cancer', kinds: ['cancer', 'carcinoma', 'malignancy'] }] },
  { nouns: ['appendix', 'vermiform appendix'], adjectives: ['appendiceal', 'appendix'], cancers: [{ name: 'appendiceal cancer', kinds: [...ANY, ...GLAND] }] },
  { nouns: ['gallbladder', 'gall bladder'], adjectives: ['gallbladder', 'gall bladder'], cancers: [{ name: 'gallbladder cancer', kinds: [...ANY, ...GLAND] }] },
];

/** How texts name cancers by their place, in either order ("adenocarcinoma of the pancreas", "pancreatic adenocarcinoma"): authors list the usual one only. */
export function cancerNames(): { readonly written: string; readonly name: string }[] {
  return SITES.flatMap(({ nouns, adjectives, cancers }) => cancers.flatMap(({ name, kinds }) => kinds.flatMap((kind) => [
    ...adjectives.map((adjective) => `${adjective} ${kind}`),
    ...nouns.flatMap((noun) => [`${kind} of the ${noun}`, `${kind} of ${noun}`, `${kind} in the ${noun}`]),
  ]).map((written) => ({ written, name }))));
}

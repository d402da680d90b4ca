/** English words that are also brands, synonyms or abbreviations: alone they never name a concept. */
export const COMMON_WORDS: ReadonlySet<string> = new Set(
  ('a able about above accident accord active adapt adult advance advantage after again age agent aid aim all allergy allow also always am an and any apart are area arm as ask ' +
  'assist at aura back bad balance base be because been before best better between big block blood body bone both brain bridge bright but by call calm can car care case cat catch cause ' +
  'change chest chance check child choice clear clinic clot cold come complete condition control could course cure daily day dead deep did different direct discover disease do ' +
  'does done down drug due ear early ease east eat edge effect elder else end ensure enter era even ever every evidence exact eye face fact fall far fast fat fear feel few fight fine ' +
  'finding first fit fits flow foot for form found free friend from full further gain general get girl give glad go goal gold good great group grow had half hand happy has have he head ' +
  'health hear heart help her here high him his history hit hold home hope hot hour how i ideal if ill impact imagine in infant injury input inspire into is it its join just keep key kind ' +
  'know lab lack large last late lead leave left less let life lift light like limit line link little live long look low luminal android worm made make man many march mark may me measure media medical men ' +
  'might mind miss model more most mother much must my name near neck need never new next night no nor normal nose not now of off old on once one only open optimal or oral other our ' +
  'out over own pain pale part past path patch patient peace people period plan plus point poor power present pressure prime prior pro probe product profile progress protect pulse pure ' +
  'push quit rapid rare rate reach react read real relief report respond response rest restore result review rich right rise risk role run safe said same save saw say sea second see ' +
  'self send sense serve set severe she shift shock short show side sign since sit size skin sleep slow small smart so soft solid some soon sound spirit spot stable staff stage stand ' +
  'start state stay step stop story strength strong study such support sure surge system table take talk target team tell term test than that the their them then there these they thing ' +
  'think this those though three through time to today told too top total touch trace track treat trial true trust try turn two under unit unity up upon us use value very view visit ' +
  'vital voice wait walk want was watch water wave way we weak week well went were west what when where which while white who whole why wide will wise with within woman work world ' +
  'would year yes yet you young your zone').split(' '),
);

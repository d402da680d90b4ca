const words = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/).filter((word) => word !== ''));

/** Lower-case words that begin with a capital in notes without being (part of) a name: English, headings, services, units, credentials. */
export const notNames = words(`
a c-section briefly foster hemoglobin strength about above abnormal absent account accompanied active activity acute additional address admission admit add serum urine overall persons bilirubin world short form whole-body igg iga igm plasma hump coast hall milk mean median admitted admitting adult after again age aged agree agrees alert all allergic allergies
allergy also although american ambulance am an anaesthesia and anesthesia anesthesiology another any appears appetite april are arrived arrival as asian aspirin assessment assistant associated at
attending august aunt author available back because bed bedside been before began being below benefit bilateral biopsy birth black blood body born both bp bring brother but by call called caller came can
cannot cardiac cardiology care caregiver case caucasian cause center centre change changes chart check chest chief child children chronic circulator city class clear clinic clinical clinically client
code cold college common community compared complaint complains complete con conclusion condition consult consultant consultation contact continue continued continues contract could counselor county
course cousin ct current currently dad daily date dated daughter day days dear december denied denies department dermatology details developed device diabetes diagnosed diagnosis dictated did diet
difficulty discharge discharged discussed disease do doctor does doing dose dr drug due during each ear ecg echo eeg ekg elderly email emergency emg encounter endocrinology english ent er er especially
esq etc evaluated evaluation every exam examination examined exercise eye facility faculty family father fax february feels fellow female fever few final findings first fitness flat follow followed
following for former found friday friend from full function further gastroenterology general generally genetic geriatrics get girl boy given go good got grandfather grandmother granddaughter grandson
group gynecology had has have he head headache health healthy heart heent height hello hematology hence her here hers hi high him himself his hispanic history home hospice hospital hospitalist how
however husband i icu id if imaging impression improved in including increased indication infectious informed infusion initial initially inpatient insurance internal interpreter interventional into is
it its january july june just kidney lab laboratory labs last later latino left less letter level license licensed like likely line little lives living local location look looks lot low lower lung
machine made male man manager many march married may maybe mchc me med medical medication medications medicine meds member men mental miss mild mobile moderate mom monday more morning most mother mr
mri mrn mrs ms much multiple my name named native near neck needs negative neighbor nephew nephrology neuro neurology neurosurgery never new next niece night no non none nor normal not note noted notes
november now number nurse nursing nutrition ob obstetrics obgyn occupation occupational october of office ok okay old on oncology once one only onset operation ophthalmology or oral orthopedic
orthopedics other otherwise our out outpatient outside over pacu pain parent parents partner past pathology patient patients pediatric pediatrics per person personal pharmacist pharmacy phone physical
physician physiotherapist physiotherapy pictures place plan please podiatry positive possible post preoperative postoperative preferred present presented presenting presents previous previously primary prior prn
problem problems procedure prof program progress pronounced proband provider psychiatry psychology pt pulmonary pulmonology quality questions radiology rate re recent recently recommend recommendation
recommendations record records reason refer referral referred referring registrar registered regular rehab rehabilitation related relative relevant repeat report reported reports request resident
resp respiratory rest result results return returned returns review reviewed reviews rheumatology right risk rn room routine said same sat saturday saw school says scan seen selected
senior sent september service session several severe sex she should sibling siblings sign signed significant signs since sincerely single sister skin sleep small smoker so social some
somebody someone son sons soon speaks specialist specialty specimen speech spoke spouse staff stable stage started state stated states status still stomach stop student study sub subject subjective
such sunday support surgeon surgery surgical symptoms tablet tablets take takes taken team technician technologist tel telephone temp temperature ten test tests text than thank thanks that the
their them then therapist therapy there therefore these they thing this those though thoracic three through thursday time to today together told tomorrow tonight too took total toward town
transcribed transfer transferred transplant trauma treated treatment trial tuesday twice two type uncle under understands unit united university unknown unremarkable until up update upon upper
urgent urology us use used usual vaccine various vascular very via village visit visits vital vitals wait wants ward was we wednesday week weight well went were what when where which while white
who wife will wishes with within without woman women work works would wound x-ray yes yesterday yet you young your yours zone
md do phd pa np dnp fnp lpn lcsw msw psyd crna pharmd facp frcp mbbs cgc rd dpm dds mph bsn od jr sr ii iii iv mrcp facs bds dob ssn ext pcp po box apt suite unit floor street avenue road lane drive
covid hiv hep copd htn dm afib chf cad uti mi dvt pe gerd bph ckd esrd tb ms als ra sle ibd ibs osa adhd ptsd ocd mmr ipv dtap hr rr spo2 gcs nad wbc rbc hgb plt bmi eua
african european arabic spanish french german italian chinese japanese korean vietnamese indian russian polish portuguese turkish muslim jewish christian catholic mexican canadian british irish scottish
telehealth clinician clinicians hospitalization exertion nil refills refill pending stroke cancer asthma hypertension anemia depression anxiety infection pneumonia fracture sepsis shock diarrhea nausea
vomiting cough dyspnea obesity gout migraine arthritis seizure seizures epilepsy dementia syncope fall rash edema swelling bleeding sir madam ma'am everyone whom`);

/** Words that, after a surname, make it the name of a disease, a test, a device or an operation. */
export const afterEponym = /^(?:['’]s?)?[- ](?:and |like |type )?(?:\p{L}+ )?(?:disease|syndrome|sign|test|score|scale|index|criteria|classification|palsy|lymphoma|sarcoma|tumou?r|thyroiditis|esophagus|oesophagus|chorea|ataxia|fracture|phenomenon|cyst|joint|point|lamp|stain|smear|lactate|catheter|tube|drain|stage|staging|grade|group|procedure|operation|man(?:o)?euver|reflex|pupil|nodule|node|canal|duct|gland|muscle|ligament|fingers|cave|dystrophy|purpura|granulomatosis|an(?:a)?emia|contracture|aphasia|area|body|bodies|cells?|line|lines|ring|position|needle|fundoplication|hernia|ulcer|esophagitis|trial|study|curve|model|estimate|bundle|node|criterion|palsies|macroglobulinemia|neuropathy|virus|encephalopathy|cardiomyopathy|gangrene|spots?|nodes|nodules|level|levels|coma|depression|inventory|units?|balance|visual|chart|grid|tonometry|questionnaire|diet|method|equation|formula|transform|law|rule|effect|response|antigen|factor|protein|inclusion)\b/iu;

/** Eponyms that stand alone in notes ("Wegener", "Parkinson's"): never a name without a cue. */
export const eponyms = words(`
parkinson parkinson's hodgkin wilson crohn crohn's graves addison bell bell's child pugh glasgow cushing alzheimer alzheimer's huntington tourette sjogren sjögren hashimoto raynaud behcet behçet takayasu kawasaki
wegener goodpasture marfan turner klinefelter down ehlers danlos gaucher fabry pompe tay sachs niemann pick whipple dupuytren peyronie osgood schlatter perthes scheuermann charcot marie tooth friedreich gehrig barrett
meniere ménière henoch schonlein schönlein willebrand guillain barre barré stevens johnson lyme reiter felty still's paget baker's colles le fort smith's bosniak virchow fleischner banff killip forrester wells geneva hunt hess
rutherford ranson mallampati tanner apgar karnofsky deauville ann arbor burkitt waldenstrom waldenström gleason clark breslow nottingham bethesda rome berlin boston milan milwaukee duke vancouver toronto montreal minnesota los angeles new york
rankin barthel berg braden norton morse ramsay aldrete bristol edinburgh zung beck hamilton montgomery asberg epworth hughes bayes student mann whitney wilcoxon cochran kaplan meier cox fisher romberg babinski murphy mcburney hoffmann
kernig brudzinski trendelenburg kocher roux nissen penrose veress foley jackson pratt hickman broviac swan ganz doppler holter schirmer amsler goldmann humphrey snellen stargardt best fuchs horner leber sturge weber coats argyll
robertson marcus gunn brown sequard willis meckel dawson mcdonald bartter gitelman liddle conn fanconi alport berger lynch peutz jeghers gardner cowden li fraumeni zollinger ellison mallory weiss boerhaave budd chiari gilbert rotor dubin
dressler brugada wolff white eisenmenger ebstein fallot kearns sayre leigh rett angelman prader willi noonan digeorge edwards patau sezary kaposi merkel ewing wilms krukenberg sister mary joseph kaposi's ziehl neelsen giemsa gram wright papanicolaou wood's ringer ringer's baker
kreutzfeldt creutzfeldt jakob lewy korsakoff wernicke lambert eaton isaacs kennedy machado binswanger todd jacksonian norwalk ebola marburg lassa zika coxsackie epstein barr hantaan sabin salk newport hansen hansen's chagas weil sydenham
child-pugh reed sternberg lugano binet rai fitzpatrick berlin norwood ludwig quincke kussmaul cheyne stokes adams frank starling cockcroft gault modification schwartz hardy weinberg framingham charlson elixhauser sengstaken blakemore`);

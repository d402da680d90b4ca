const words = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/).filter((word) => word !== ''));

/** Common given names of several cultures, lower case. A few hundred: the words around a name find the others. */
export const givenNames = words(`
james john robert michael william david richard joseph thomas charles christopher daniel matthew anthony donald steven paul andrew joshua kenneth kevin brian george timothy ronald edward
jason jeffrey ryan jacob gary nicholas eric jonathan stephen larry justin scott brandon benjamin samuel gregory alexander patrick raymond dennis jerry tyler aaron jose adam nathan henry
douglas zachary peter kyle noah ethan jeremy walter christian keith roger terry austin sean gerald carl harold dylan arthur lawrence jordan jesse bryan billy bruce gabriel joe logan alan juan
albert willie elijah wayne randy vincent mason roy ralph bobby russell bradley philip eugene louis howard fred martin leonard oscar stanley harvey herbert clarence ernest leroy melvin clifford
mary patricia jennifer linda elizabeth barbara susan jessica sarah karen lisa nancy betty sandra margaret ashley kimberly emily donna michelle carol amanda melissa deborah stephanie rebecca
laura sharon cynthia dorothy amy kathleen angela shirley emma brenda pamela nicole anna samantha katherine christine debra rachel carolyn janet maria olivia heather helen catherine diane julie
victoria joyce lauren kelly christina ruth joan virginia judith evelyn hannah andrea megan cheryl jacqueline madison teresa abigail sophia martha sara gloria janice kathryn ann isabella judy
charlotte julia theresa sophie alice beverly denise marilyn danielle marie doris diana brittany natalie alexis kayla lori jane tiffany tammy valerie monica edna ethel gladys mildred gertrude
kathy kim lena lucy molly nina nora paula rita rosa sally sheila sylvia tara tina vera wanda wendy yvonne zoe allison audrey beth bonnie claire colleen connie ellen erin esther gail geraldine
gwen harriet heidi irene jean jill josephine juanita kristin leslie lillian loretta lorraine lydia marjorie maureen meredith norma phyllis regina roberta stacy suzanne thelma tracy vanessa
liam mateo lucas oliver sebastian theo leo max felix hugo oskar emil lars sven erik nils anders bjorn ingrid astrid freya sigrid solveig greta johan johanna kristoffer magnus mikkel soren
hans klaus jurgen wolfgang dieter helmut heinz manfred gunter ulrich horst karl friedrich otto stefan matthias andreas tobias florian jens uwe ursula monika renate gisela helga brigitte petra
sabine heike birgit anke katrin silke anja gerda hannelore jean-pierre pierre michel philippe jacques francois alain bernard claude marcel andre yves henri antoine etienne luc mathieu
guillaume thierry olivier isabelle sylvie nathalie veronique chantal monique francoise martine jacqueline genevieve camille manon chloe lea amelie celine aurelie giovanni giuseppe marco luca
matteo alessandro francesco andrea lorenzo paolo antonio mario luigi vincenzo salvatore roberto giulia chiara francesca elena silvia federica valentina giovanna lucia carla pablo pedro miguel
carlos luis jorge javier alejandro fernando sergio rafael ricardo eduardo diego manuel francisco jesus raul enrique alberto arturo ramon guillermo gustavo hector ernesto julio cesar ignacio
carmen josefa isabel dolores pilar teresa lucia mercedes guadalupe esperanza consuelo beatriz alicia leticia yolanda marisol ximena camila daniela mariana gabriela adriana veronica silvia
juana joao paulo tiago goncalo rui vasco thiago bruno leandro fernanda juliana patricia marcia ines beatriz piotr krzysztof andrzej tomasz jan stanislaw pawel marcin grzegorz jerzy tadeusz
agnieszka katarzyna malgorzata ewa barbara zofia magdalena joanna wanda ivan dmitri sergei alexei vladimir mikhail nikolai yuri boris igor oleg olga natasha svetlana tatiana irina ludmila
ekaterina anastasia milan zoran goran dragan jovana milica marko ana nikola petar vesna jasna ibrahim mustafa ahmed ahmet mehmet muhammad mohammed mohamed mohammad ali hassan hussein omar
khalid yusuf youssef karim tariq samir rashid abdul abdullah bilal hamza farid faisal nasser salman zaid fatima aisha khadija maryam mariam zainab layla leila noor amina yasmin samira nadia
hana rania huda salma emre murat hakan burak ayse fatma elif zeynep emine hatice raj rajesh ramesh suresh mahesh sanjay vijay ajay anil sunil amit rahul rohit arjun krishna ravi kumar deepak
ashok vikram prakash manoj dinesh mukesh naveen pradeep sandeep aditya priya anjali pooja neha kavita sunita anita geeta lakshmi meena rekha shanti sita usha padma divya swati shreya ananya
wei ming jun hao lei jie xin yan ying mei ling hong xiaoming xiaoling jing fang lan hui yu min-jun ji-hoon seo-yeon hyun joon sang young-ho soo-jin eun-ji minh hung tuan duc hai thanh phuong
linh thuy trang nga mai hiroshi takashi kenji yuki akira satoshi haruto yuto kaito sakura yuko keiko akiko naoko tomoko emiko kwame kofi kwabena ama akua abena chinedu chukwuemeka ngozi
chioma oluwaseun oluwatobi adebayo folake funmilayo ifeoma obinna emeka amara zanele thabo sipho nomsa lerato mandla themba tendai farai wanjiru kamau njoroge otieno achieng atieno
moses isaac abraham ezekiel solomon elias tobiah levi asher rivka shira yael moshe avi noam eitan tamar dina miriam naomi deborah seamus niamh siobhan aoife ciaran eoin padraig declan
gareth rhys angharad cerys owain ewan hamish fiona isla morag alasdair callum nigel graham trevor clive derek malcolm colin barry simon jeremy rupert alistair hilary daphne gillian winifred
beryl enid mavis muriel doreen maureen eileen hilda elsie florence mabel agnes edith janos istvan laszlo zoltan ferenc attila ildiko eszter zsuzsa ion mihai andrei gheorghe ioana elena
giorgos dimitris yannis nikos kostas eleni sofia katerina matti juhani pekka timo antti heikki anneli helena aino kirsti`);

/** Given names that are also words, drugs or months: a name only with a surname beside them or a cue before them. */
export const ambiguousNames = words(`
will mark may june april august grace rose faith hope joy art bill pat sue dawn eve ray jay drew grant chase hunter summer autumn amber ruby pearl iris violet olive daisy sage brook dale glen
cliff heath lance miles max rich frank guy gene earl duke king prince dean chance christian angel jesus melody crystal carol ginger holly ivy jasmine lily sandy cherry misty penny robin star
sky destiny trinity victor norm nick jack josh skip buck bud chip van young long white black brown green gray grey wood woods stone hill hills bell rice cook day park parks price banks fields
bush rivers waters snow winter winters little small short sharp best good noble strong wise love power powers case cross church bishop pope abbot major page mann may mills moon north west east
south carter mason baker miller taylor turner walker fisher porter parker cooper weaver gardner butler cole coal ford marsh berry bird fox wolf lamb crane swan cotton silver gold golden field
lane street rhodes england ireland holland french english german welsh scott paris florence sydney austin jordan virginia georgia carolina dakota madison milan chelsea diamond jean gloria mercy
amity charity dolores mercedes angela victoria logan lea ion ana jan min lei an le do so to vu ho hong ling mei yu hui lan mai hai duc ali ming ama avi leo theo noor hana star sun long wang wei jun
kim ann jade roman milo case chad israel jerry rocky santiago sierra savannah cheyenne asia india china mali kenya rowan reed read penn perry ward webb west beck bates hunt hall rose rush
dick peter-out jerky eve ginny gay gail lad levi marina nelly olive colon lupus luna elder newton norton gray-scale jesse-tree young-ho sang regina alba foster kelly tracy bonnie rita tina vera lena max felix pilar`);

/** Common surnames of several cultures, lower case. */
export const surnames = words(`
smith johnson williams jones garcia miller davis rodriguez martinez hernandez lopez gonzalez wilson anderson thomas taylor moore jackson martin lee perez thompson harris sanchez clark ramirez
lewis robinson walker allen wright torres nguyen flores adams nelson baker rivera campbell mitchell carter roberts gomez phillips evans turner diaz parker cruz edwards collins reyes stewart
morris morales murphy rogers gutierrez ortiz morgan cooper peterson bailey reed kelly howard ramos cox richardson watson brooks chavez bennett mendoza ruiz hughes alvarez castillo sanders patel
myers ross foster jimenez powell jenkins perry russell sullivan coleman butler henderson barnes gonzales fisher vasquez simmons romero patterson hamilton graham reynolds griffin wallace moreno
hayes bryant herrera gibson ellis tran medina aguilar stevens murray castro marshall owens harrison fernandez mcdonald kennedy wells alexander henry chen freeman webb tucker guzman burns crawford
olson simpson porter gordon mendez silva shaw snyder dixon munoz hicks holmes palmer wagner robertson boyd schmidt vargas carpenter weaver rios delgado wheeler dunn nichols lawson peters santos
fox lawrence stone obrien daniels pham duncan matthews soto rojas harvey larson carroll dean alvarado fuller andrews armstrong elliott ruiz bishop montgomery greene jacobs oliver wu dunn hansen
fernandes hoffman hanson ferguson schultz gibbs mccoy hudson mcdaniel cunningham bradley bradshaw kelley spencer hawkins peck gallagher doyle byrne walsh oconnor ryan kavanagh nolan brennan
oneill osullivan macdonald mackenzie campbell stewart fraser sinclair buchanan douglas muller schneider fischer weber meyer becker schulz koch bauer richter klein wolf schroder neumann schwarz
zimmermann braun kruger hofmann hartmann lange werner krause lehmann schmitt maier kohler herrmann walter konig mayer huber kaiser fuchs peters lang scholz moller weiss jung hahn vogel friedrich
keller gunther berger winkler roth lorenz baumann franke albrecht schuster simon ludwig bohm winter kraus martinez dubois durand leroy moreau laurent lefebvre michel garcia bertrand roux vincent
fournier morel girard andre mercier dupont lambert bonnet francois rossi russo ferrari esposito bianchi romano colombo ricci marino greco bruno gallo conti deluca mancini costa giordano rizzo
lombardi moretti barbieri fontana santoro mariani rinaldi caruso silva souza oliveira pereira lima carvalho ferreira ribeiro almeida costa gomes martins araujo melo barbosa cardoso teixeira
nowak kowalski kowalczyk wisniewski wojcik kaminski lewandowski zielinski szymanski wozniak dabrowski kozlowski jankowski mazur krawczyk ivanov petrov sidorov smirnov kuznetsov popov sokolov
novak horvat kovac jovanovic petrovic nikolic kovacs nagy szabo toth horvath varga kiss molnar popescu ionescu johansson andersson karlsson nilsson eriksson larsson olsson persson svensson
gustafsson pettersson hansen johansen olsen larsen andersen pedersen nielsen jensen kristensen christensen rasmussen sorensen virtanen korhonen nieminen makinen laine heikkinen koskinen jansen
devries vandenberg bakker visser smit meijer mulder bos vos peters hendriks dekker dijkstra yilmaz kaya demir celik sahin yildiz aydin ozturk arslan dogan kumar singh sharma gupta verma mehta
shah joshi desai reddy rao nair menon iyer pillai banerjee mukherjee chatterjee das bose ghosh sen kapoor khanna malhotra chopra agarwal mishra pandey tiwari yadav khan ahmed hussain malik
sheikh qureshi chaudhry siddiqui rahman islam hassan hussein ibrahim abdullah mansour haddad khoury nasser elsayed alkhatib zhang wang li liu yang huang zhao zhou xu sun ma zhu hu guo he lin luo
zheng liang xie song tang feng deng cao peng zeng xiao tian dong pan yuan cai jiang yu kim park choi jung kang cho yoon jang lim han shin seo kwon hwang nguyen tran le pham hoang phan vu vo dang
bui do ngo duong ly tanaka suzuki sato takahashi watanabe ito yamamoto nakamura kobayashi kato yoshida yamada sasaki yamaguchi matsumoto inoue kimura hayashi shimizu saito okafor okonkwo adeyemi
adebayo ogunleye balogun okoye eze mensah owusu boateng asante osei appiah nkrumah dlamini nkosi ndlovu khumalo mwangi kamau otieno ochieng kimani abebe tesfaye cohen levy mizrahi friedman goldberg
rosenberg shapiro katz kaplan goldstein rubin feldman weinstein papadopoulos georgiou dimitriou nikolaidis`);

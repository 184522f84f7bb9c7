// Roles of persons and occupations, and who did something: further languages that are written in Latin
// letters. vocabulary.hpp says how to read and extend it.
#pragma once

#include "core/pii/names/vocabulary.hpp"

namespace gpsync::core::pii::vocabulary {

using enum Detector;

// clang-format off
inline constexpr Row kRolesLatin[] = {
    {kNone, kPerson, "Italian: persons",
     "dottore dottoressa medicocurante medicobase medicodibase medicofamiglia medicodifamiglia "
     "medicomedicinagenerale medicodimedicinagenerale chirurgo chirurga infermiere infermiera odontoiatra "
     "farmacista psichiatra ostetrica fisioterapista insegnante professore professoressa istruttore "
     "istruttrice allenatore allenatrice preside rettore rettrice relatore relatrice testimone notaio notaia "
     "avvocato avvocata avvocatessa giudice magistrato cancelliere traduttrice contabile ragioniere "
     "ragioniera commercialista revisoredeiconti tesoriere tesoriera segretario segretaria presidentessa "
     "direttore direttrice amministratoredelegato dirigente caposquadra capoprogetto capocantiere "
     "responsabilelegale collega personacontatto personadicontatto personaresponsabile referente "
     "rappresentantelegale legalerappresentante firmatario firmataria firmatarioautorizzato delegato "
     "delegata tutore tutorelegale genitore genitrice figlio figlia fratello sorella nonno nonna nipote "
     "sposo sposa consorte convivente compagno compagna fidanzato fidanzata amico amica vicinocasa "
     "vicinodicasa vicinacasa vicinadicasa coinquilino coinquilina contattodiemergenza locatore locatrice "
     "conduttore affittuario padronecasa padronedicasa venditrice donatore debitore creditore creditrice "
     "erede defunto defunta assicurata contraente danneggiato danneggiata ricorrente richiedente mittente "
     "pagatore passeggera viaggiatore viaggiatrice invitato invitata alunno alunna studente studentessa "
     "tirocinante apprendista impiegato impiegata lavoratore lavoratrice intervistatore intervistatrice "
     "selezionatore autista conducente fattorino pilota copilota capitano comandante primoufficiale "
     "assistentevolo assistentedivolo meccanico elettricista idraulico falegname muratore pittore pittrice "
     "imbianchino addettoallepulizie giardiniere giardiniera custode portinaio portiere magazziniere "
     "commesso commessa cameriere cameriera cuoco cuoca fornaio macellaio parrucchiere parrucchiera "
     "giornalista redattore redattrice scrittore scrittrice scultore scultrice musicista prete rabbino "
     "poliziotto poliziotta vigilefuoco vigiledelfuoco pompiere soldato medicolegale dichiarante ispettrice "
     "esaminatore esaminatrice geometra agenteimmobiliare figlioccio sindaco sindaca contribuente "
     "intestataria contadino"},
    {kNone, kPerson | kAmbiguous | kDirect, "Italian: who did it",
     "autore responsabile incaricato incaricata addetto addetta approvatoda autorizzatoda revisionatoda "
     "redattoda preparatoda verificatoda controllatoda firmatoda ricevutoda accettatoda consegnatoa "
     "assegnatoa richiestoda inviatoda presentatoda elaboratoda visitatoda esaminatoda curatoda inviatada "
     "intervistatoda ispezionatoda riparatoda fotografatoda supervisionatoda compilatoda"},
    {kNone, kPerson | kAmbiguous | kQualifier, "Italian: also programs, companies, devices",
     "ispettore venditore mediatore mediatrice consulente supervisore coordinatore coordinatrice "
     "amministratore rappresentante conduttrice traduttore gestore curatore"},
    {kNone, kPerson, "Dutch: persons",
     "huisarts behandelendarts dokter verpleegkundige verpleger verpleegster zuster tandarts psycholoog "
     "psychiater dierenarts verloskundige vroedvrouw fysiotherapeut leraar lerares leerkracht onderwijzer "
     "hoogleraar bijlesdocent rijinstructeur schoolhoofd getuige notaris advocaat advocate rechter "
     "officiervanjustitie tolk vertaalster boekhouder boekhoudster penningmeester secretaris secretaresse "
     "voorzitter bestuurder bestuurslid bedrijfsleider afdelingshoofd teamleider teamleidster projectleider "
     "leidinggevende contactpersoon verantwoordelijkepersoon gemachtigde tekenbevoegde ondertekenaar "
     "wettelijkvertegenwoordiger voogd ouder vader moeder zoon dochter broer grootvader grootmoeder "
     "peetvader peetmoeder echtgenoot echtgenote bruid bruidegom vriend vriendin buurman buurvrouw "
     "huisgenoot noodcontactpersoon contactpersoonnoodgeval verhuurder verhuurster huurder huurster "
     "onderhuurder eigenaar eigenares koopster verkoopster borgsteller schuldenaar schuldeiser erfgenaam "
     "erflater begunstigde verzekeringsnemer eiser eiseres gedaagde aanvrager aanvraagster sollicitant "
     "afzender betaler reiziger leerling scholier stagiair medewerker medewerkster werkneemster kandidaat "
     "kandidate koerier bezorger piloot kapitein eersteofficier elektricien loodgieter timmerman metselaar "
     "schilder schoonmaker schoonmaakster tuinman hovenier huismeester magazijnmedewerker winkelbediende "
     "serveerster bakker slager kapper kapster fotograaf fotografe schrijver schrijfster beeldhouwer "
     "muzikant pastoor dominee imam rabbijn politieagent brandweerman soldaat militair lijkschouwer "
     "patholooganatoom aangever examinator landmeter taxateur peetoom burgemeester boer boerin overledene "
     "nabestaande begeleider begeleidster hulpverlener"},
    {kNone, kPerson | kAmbiguous | kDirect, "Dutch: who did it",
     "verantwoordelijke behandelaar behandelaarster goedgekeurddoor gecontroleerddoor beoordeelddoor "
     "opgestelddoor voorbereiddoor geverifieerddoor ondertekenddoor getekenddoor ontvangendoor "
     "geaccepteerddoor toegewezenaan aangevraagddoor ingedienddoor verwerktdoor behandelddoor onderzochtdoor "
     "verwezendoor geinterviewddoor geinspecteerddoor gefotografeerddoor begeleiddoor opgeleiddoor "
     "ingevulddoor"},
    {kNone, kPerson | kAmbiguous | kQualifier, "Dutch: also programs, companies, devices",
     "vertegenwoordiger makelaar adviseur verkoper leider gastheer gastvrouw vertaler"},
    {kNone, kPerson, "Danish: persons",
     "laege egenlaege praktiserendelaege overlaege kirurg sygeplejerske tandlaege apoteker farmaceut "
     "psykolog psykiater dyrlaege jordemoder fysioterapeut laerer laererinde klasselaerer underviser "
     "vejleder korelaerer skoleleder vidne advokat dommer anklager oversaetter bogholder revisor kasserer "
     "formand forkvinde naestformand bestyrelsesformand bestyrelsesmedlem afdelingsleder teamleder "
     "projektleder naermesteleder kollega sagsbehandler ansvarligperson tegningsberettiget underskriver "
     "vaerge foraelder datter soskende soster bedstefar bedstemor aegtefaelle aegtemand hustru samlever "
     "kaereste veninde nabo samboer roomie parorende naermesteparorende nodkontakt udlejer lejer ejer "
     "koberske kautionist debitor kreditor arving begunstiget forsikringstager skadelidte sagsoger sagsogte "
     "ansoger afsender studerende laerling ansogeren chauffor forer kaptajn styrmand stewardesse "
     "kabinepersonale mekaniker blikkenslager vvsmontor tomrer murer rengoringsassistent vicevaert pedel "
     "lagermedarbejder ekspedient tjener bager slagter redaktor forfatter billedhugger praest politibetjent "
     "betjent brandmand retsmediciner eksaminator landmaler taksator vurderingsmand ejendomsmaegler "
     "konsulent fadder gudfar gudmor borgmester afdode borger landmand"},
    {kNone, kPerson | kAmbiguous | kDirect, "Danish: who did it",
     "ansvarlig godkendtaf kontrolleretaf gennemgaetaf udarbejdetaf verificeretaf underskrevetaf modtagetaf "
     "accepteretaf tildelttil anmodetaf indsendtaf behandletaf undersogtaf henvistaf interviewetaf "
     "fotograferetaf bevidnetaf udfyldtaf"},
    {kNone, kPerson | kAmbiguous | kQualifier, "Danish: also programs, companies, devices",
     "inspektor saelger maegler repraesentant radgiver vaert"},
    {kNone, kPerson, "Norwegian: persons",
     "fastlege behandlendelege overlege sykepleier tannlege farmasoyt veterinaer dyrlege jordmor "
     "kontaktlaerer faglaerer veileder kjorelaerer vitne notarius oversetter regnskapsforer styreleder "
     "nestleder styremedlem dagligleder avdelingsleder prosjektleder saksbehandler signaturberettiget "
     "fullmektig forelder foresatt foresatte sonn sosken bestefar bestemor ektefelle ektemann kjaereste venn "
     "venninne romkamerat utleier leietaker leieboer eier kausjonist skyldner forsikringstaker saksoker "
     "saksokte soker avsender passasjer intervjuer sjafor kaptein styrmann flyvertinne kabinansatt rorlegger "
     "snekker renholder vaktmester lagermedarbeider ekspeditor kelner servitor kokk slakter skulptor "
     "brannmann rettsmedisiner takstmann eiendomsmegler ordforer avdode bonde"},
    {kNone, kPerson | kAmbiguous | kDirect, "Norwegian: who did it",
     "godkjentav kontrollertav gjennomgattav utarbeidetav verifisertav signertav underskrevetav mottattav "
     "akseptertav forespurtav innsendtav behandletav undersoktav henvistav intervjuetav fotografertav "
     "bevitnetav utfyltav"},
    {kNone, kPerson | kAmbiguous | kQualifier, "Norwegian: also programs, companies, devices",
     "selger megler representant vertskap"},
    {kNone, kPerson, "Swedish: persons",
     "lakare huslakare behandlandelakare overlakare sjukskoterska tandlakare apotekare veterinar barnmorska "
     "sjukgymnast larare lararinna handledare korlarare vittne notarie domare aklagare oversattare bokforare "
     "redovisningskonsult kassor sekreterare ordforande styrelseledamot verkstallandedirektor avdelningschef "
     "gruppchef teamledare projektledare narmastechef handlaggare ansvarigperson firmatecknare undertecknare "
     "behorigfirmatecknare ombud godman vardnadshavare formyndare foralder mamma pappa dotter syskon bror "
     "syster farfar farmor morfar mormor aktahalft sambo flickvan pojkvan vaninna granne rumskamrat anhorig "
     "narmastanhorig hyresvard hyresgast agare agarinna koparen givare donator borgensman galdenar borgenar "
     "arvinge arvtagare formanstagare forsakringstagare forsakrad malsagande karande svarande sokande "
     "avsandare betalare passagerare resenar larling intervjuare rekryterare forare kapten styrman "
     "flygvardinna kabinpersonal rormokare snickare murare malare stadare staderska tradgardsmastare "
     "vaktmastare fastighetsskotare lagerarbetare butiksbitrade servitris kock bagare slaktare forfattare "
     "prast polisman brandman rattslakare anmalare lantmatare varderingsman besiktningsman fastighetsmaklare "
     "konsult borgmastare avliden medarbetare"},
    {kNone, kPerson | kAmbiguous | kDirect, "Swedish: who did it",
     "ansvarig godkandav kontrolleradav granskadav upprattadav verifieradav undertecknadav signeradav "
     "mottagenav accepteradav tilldeladtill begardav inskickadav behandladav remitteradav intervjuadav "
     "fotograferadav bevittnadav ifylldav"},
    {kNone, kPerson | kAmbiguous | kQualifier, "Swedish: also programs, companies, devices",
     "saljare maklare radgivare foretradare"},
    {kNone, kPerson, "Finnish: persons",
     "laakari hoitavalaakari omalaakari ylilaakari kirurgi sairaanhoitaja hammaslaakari apteekkari "
     "farmaseutti psykologi psykiatri elainlaakari katilo fysioterapeutti opettaja luokanopettaja professori "
     "valmentaja rehtori todistaja notaari asianajaja lakimies tuomari syyttaja tulkki kaantaja kirjanpitaja "
     "tilintarkastaja rahastonhoitaja sihteeri puheenjohtaja toimitusjohtaja johtaja hallituksenjasen "
     "esimies esihenkilo lahiesimies tiiminvetaja projektipaallikko osastopaallikko paallikko tyotoveri "
     "yhteyshenkilo vastuuhenkilo allekirjoittaja nimenkirjoittaja edunvalvoja huoltaja vanhempi aiti lapsi "
     "tytar sisarus sisko isoisa isoaiti puoliso aviopuoliso aviomies vaimo avopuoliso ystava naapuri "
     "kamppakaveri lahiomainen hatayhteyshenkilo vuokranantaja vuokralainen omistaja luovuttaja takaaja "
     "velallinen velkoja perillinen edunsaaja vakuutuksenottaja hakija lahettaja maksaja matkustaja oppilas "
     "opiskelija harjoittelija ehdokas haastattelija rekrytoija kuljettaja kuriiri lentaja kapteeni peramies "
     "lentoemanta mekaanikko asentaja sahkoasentaja sahkomies putkimies puuseppa muurari maalari siivooja "
     "puutarhuri talonmies varastomies varastotyontekija myyjatar tarjoilija kokki leipuri kampaaja parturi "
     "valokuvaaja kirjailija kuvanveistaja taidemaalari muusikko pappi imaami poliisimies palomies sotilas "
     "ilmoittaja tarkastaja tutkija maanmittari arvioija kiinteistonvalittaja konsultti kummi kummiseta "
     "kummitati pormestari vainaja maanviljelija"},
    {kNone, kPerson | kAmbiguous | kDirect, "Finnish: who did it",
     "tekija vastuussa hyvaksynyt hyvaksyja tarkastanut tarkastaneet laatinut laatija allekirjoittanut "
     "vastaanottanut pyytanyt lahettanyt kasittelija kasitellyt hoitanut tutkinut haastatellut valokuvannut "
     "todistanut"},
    {kNone, kPerson | kAmbiguous | kQualifier, "Finnish: also programs, companies, devices",
     "myyja valittaja edustaja neuvoja isanta"},
    {kNone, kPerson, "Icelandic: persons",
     "laeknir heimilislaeknir skurdlaeknir hjukrunarfraedingur tannlaeknir lyfjafraedingur salfraedingur "
     "dyralaeknir ljosmodir kennari umsjonarkennari leidbeinandi thjalfari skolastjori vitni logmadur "
     "logfraedingur domari tulkur thydandi bokari endurskodandi gjaldkeri ritari formadur framkvaemdastjori "
     "forstjori stjornandi yfirmadur verkefnastjori hopstjori samstarfsmadur tengilidur abyrgdarmadur "
     "umbodsmadur prokuruhafi forradamadur forsjaradili foreldri fadir modir sonur dottir systkini brodir "
     "systir eiginmadur eiginkona sambylismadur vinur vinkona nagranni herbergisfelagi adstandandi "
     "nanastiadstandandi neydartengilidur leigusali leigjandi eigandi gjafi skuldari krofuhafi lanardrottinn "
     "erfingi vatryggdur vatryggingartaki umsaekjandi sendandi greidandi farthegi gestur nemandi "
     "umsaekjandiumstarf okumadur bilstjori sendill flugmadur flugstjori skipstjori flugfreyja flugthjonn "
     "bifvelavirki rafvirki pipari murari gardyrkjumadur husvordur lagermadur afgreidslumadur thjonn kokkur "
     "bakari hargreidslumadur hargreidslukona ljosmyndari bladamadur ritstjori rithofundur myndhoggvari "
     "tonlistarmadur prestur logreglumadur slokkvilidsmadur hermadur skodunarmadur matsmadur fasteignasali "
     "radgjafi gudfadir gudmodir bondi"},
    {kNone, kPerson | kAmbiguous | kDirect, "Icelandic: who did it",
     "hofundur abyrgur samthykktaf yfirfaridaf undirritadaf mottekidaf uthlutadtil unnidaf skodadaf"},
    {kNone, kPerson, "Estonian: persons",
     "arst perearst raviarst meditsiiniode hambaarst apteeker proviisor psuhholoog psuhhiaater loomaarst "
     "veterinaar ammaemand fusioterapeut opetaja klassijuhataja klassiopetaja oppejoud juhendaja "
     "soiduopetaja koolidirektor tunnistaja advokaat jurist kohtunik prokuror tolkija raamatupidaja audiitor "
     "laekur esimees juhatuseesimees juhatuseliige tegevjuht juhataja ulemus vahetujuht meeskonnajuht "
     "projektijuht kolleeg kontaktisik vastutavisik allkirjaoiguslikisik allkirjastaja seaduslikesindaja "
     "eestkostja hooldaja lapsevanem poeg tutar vanaisa vanaema abikaasa elukaaslane sobranna naaber "
     "toakaaslane hadaabikontakt lahedane uurileandja uurnik omanik muujanna doonor annetaja kaendaja "
     "volgnik volausaldaja parija soodustatudisik kindlustatu kindlustusvotja hageja kostja taotleja "
     "avaldaja saatja maksja reisija opilane uliopilane intervjueerija varbaja juht autojuht soidukijuht "
     "kuller tuurimees stjuardess mehaanik torumees puusepp muursepp maaler koristaja aednik majahoidja "
     "laohoidja ettekandja juuksur ajakirjanik toimetaja kirjanik kunstnik muusik preester imaam rabi "
     "politseinik tuletorjuja sodur deklarant eksamineerija maamootja hindaja konsultant ristiisa ristiema "
     "linnapea"},
    {kNone, kPerson | kAmbiguous | kDirect, "Estonian: who did it",
     "koostaja vastutaja kinnitas kontrollis kinnitaja kinnitanud kontrollinud koostas allkirjastas "
     "vastuvottis vastuvotja maaratudisikule taotles menetleja esitas"},
    {kNone, kPerson | kAmbiguous | kQualifier, "Estonian: also programs, companies, devices",
     "muuja maakler esindaja noustaja"},
    {kNone, kPerson, "Latvian: persons",
     "arsts arste gimenesarsts arstejosaisarsts kirurgs medmasa medicinasmasa zobarsts zobarste farmaceits "
     "farmaceite aptiekars psihologs psihologe psihiatrs veterinararsts vecmate fizioterapeits skolotajs "
     "skolotaja klasesaudzinatajs pasniedzejs pasniedzeja profesors profesore instruktors treneris trenere "
     "direktors direktore skolasdirektors liecinieks lieciniece notars notare zverinatsnotars advokats "
     "advokate jurists juriste tiesnesis tiesnese prokurors tulks tulkotajs tulkotaja gramatvedis gramatvede "
     "revidents kasieris kasiere sekretars sekretare priekssedetajs priekssedetaja valdesloceklis "
     "valdespriekssedetajs vaditajs vaditaja projektavaditajs komandasvaditajs tiesaisvaditajs kolegis "
     "kolege kontaktpersona pilnvarotaisparstavis parakstitajs likumiskaisparstavis aizbildnis vecaks tevs "
     "berns dels meita bralis masa laulatais laulata virs sieva draugs draudzene kaimins kaiminiene "
     "istabasbiedrs arkartaskontaktpersona tuvinieks iziretajs irnieks ipasnieks ipasniece galvotajs "
     "galvinieks paradnieks kreditors mantinieks mantiniece labumaguvejs apdrosinatais apdrosinajumanemejs "
     "prasitajs atbildetajs pieteicejs iesniedzejs sutitajs nosutitajs maksatajs pasazieris pasaziere viesis "
     "skolens praktikants kandidats intervetajs autovaditajs soferis kurjers pilots kapteinis stjuarte "
     "mehanikis elektrikis santehnikis galdnieks murnieks krasotajs apkopeja darznieks setnieks "
     "noliktavasparzinis pardeveja viesmilis viesmile pavars pavare maiznieks frizieris friziere fotografs "
     "zurnalists zurnaliste redaktors rakstnieks rakstniece telnieks gleznotajs muzikis priesteris macitajs "
     "imams rabins policists ugunsdzesejs karavirs deklaretajs inspektors eksaminetajs mernieks vertetajs "
     "konsultants krusttevs krustmate mers mirusais"},
    {kNone, kPerson | kAmbiguous | kDirect, "Latvian: who did it",
     "autors atbildigais apstiprinaja parbaudija sagatavoja sastadija parakstija sanema pienema pieskirts "
     "iesniedza apstradaja"},
    {kNone, kPerson | kAmbiguous | kQualifier, "Latvian: also programs, companies, devices",
     "pardevejs brokeris makleris parstavis padomnieks"},
    {kNone, kPerson, "Lithuanian: persons",
     "gydytojas gydytoja seimosgydytojas seimosgydytoja gydantisgydytojas chirurgas slaugytojas slaugytoja "
     "odontologas odontologe stomatologas vaistininkas vaistininke psichologas psichologe psichiatras "
     "veterinaras veterinarijosgydytojas akusere kineziterapeutas mokytojas mokytoja klasesaukletojas "
     "destytojas destytoja profesorius instruktorius direktorius mokyklosdirektorius liudytojas liudytoja "
     "liudininkas notaras advokatas teisininkas teisejas teiseja prokuroras vertejas verteja buhalteris "
     "buhaltere auditorius auditore izdininkas sekretorius sekretore pirmininkas pirmininke "
     "generalinisdirektorius vadovas vadove tiesioginisvadovas projektovadovas komandosvadovas kolega "
     "kontaktinisasmuo atsakingasasmuo igaliotasasmuo igaliotinis pasirasantisasmuo teisetasatstovas "
     "globejas globeja tevas motina tevai vaikas sunus dukra dukte brolis sesuo senelis mociute sutuoktinis "
     "sutuoktine vyras zmona draugas drauge kaimynas kaimyne kambariokas artimasis nuomotojas nuomininkas "
     "savininkas savininke donoras aukotojas laiduotojas skolininkas kreditorius paveldetojas ipedinis "
     "naudosgavejas apdraustasis draudejas ieskovas atsakovas pareiskejas pareiskeja prasytojas siuntejas "
     "moketojas keleivis keleive svecias mokinys mokine studentas praktikantas kandidatas vairuotojas "
     "vairuotoja kurjeris pilotas kapitonas stiuardese mechanikas elektrikas santechnikas stalius murininkas "
     "dazytojas valytoja sodininkas sandelininkas pardaveja padavejas padaveja virejas vireja kepejas "
     "kirpejas kirpeja fotografas zurnalistas redaktorius rasytojas rasytoja skulptorius dailininkas "
     "dailininke muzikantas kunigas imamas rabinas policininkas gaisrininkas karys deklarantas inspektorius "
     "egzaminuotojas matininkas vertintojas konsultantas krikstatevis krikstomotina meras mirusysis"},
    {kNone, kPerson | kAmbiguous | kDirect, "Lithuanian: who did it",
     "autorius atsakingas patvirtino tikrino patikrino parenge sudare pasirase gavo prieme priskirta pateike "
     "apdorojo nagrinejo"},
    {kNone, kPerson | kAmbiguous | kQualifier, "Lithuanian: also programs, companies, devices",
     "pardavejas atstovas atstove patarejas"},
    {kNone, kPerson, "Polish: persons",
     "lekarz lekarka lekarzprowadzacy lekarzrodzinny lekarzpierwszegokontaktu lekarzkierujacy pielegniarka "
     "pielegniarz dentysta dentystka stomatolog farmaceuta farmaceutka aptekarz psycholog psychiatra "
     "weterynarz polozna fizjoterapeuta fizjoterapeutka nauczyciel nauczycielka wychowawca wychowawczyni "
     "wykladowca korepetytor korepetytorka instruktor instruktorka trener trenerka dyrektor dyrektorka "
     "dyrektorszkoly promotorpracy swiadek notariusz adwokat radcaprawny prawnik prawniczka sedzia "
     "prokurator komornik tlumacz tlumaczka ksiegowy ksiegowa glownyksiegowy glownaksiegowa bieglyrewident "
     "skarbnik skarbniczka sekretarz sekretarka przewodniczacy przewodniczaca prezes prezeszarzadu "
     "czlonekzarzadu kierownik kierowniczka kierownikprojektu kierownikbudowy przelozony przelozona "
     "liderzespolu brygadzista wspolpracownik kolezanka osobakontaktowa osobakontaktu osobadokontaktu "
     "osobaodpowiedzialna osobaupowazniona pelnomocnik prokurent podpisujacy sygnatariusz "
     "przedstawicielustawowy opiekun opiekunka opiekunprawny rodzic ojciec matka dziecko corka siostra "
     "rodzenstwo dziadek babcia wujek ciotka malzonek malzonka wspolmalzonek zona partnerka konkubent "
     "narzeczony narzeczona przyjaciel przyjaciolka sasiad sasiadka wspollokator wspollokatorka "
     "kontaktalarmowy kontaktwnaglychwypadkach wynajmujacy najemca lokator lokatorka wlasciciel wlascicielka "
     "posiadacz kupujaca sprzedawczyni darczynca dawca poreczyciel zyrant dluznik dluzniczka wierzyciel "
     "spadkobierca spadkodawca zmarly zmarla beneficjent uposazony ubezpieczona ubezpieczajacy poszkodowany "
     "poszkodowana powodsadowy pozwany pozwana wnioskodawca wnioskodawczyni platnik pasazer pasazerka "
     "podrozny gosc pacjentka uczen uczennica studentka stazysta praktykant praktykantka pracownica kandydat "
     "kandydatka rekruter rekruterka kierowca kurierka pilotka drugipilot stewardesa mechanik elektryk "
     "hydraulik stolarz murarz malarz malarka sprzataczka sprzatajaca ogrodnik dozorca magazynier "
     "ekspedientka kelnerka kucharz kucharka piekarz rzeznik fryzjer fryzjerka dziennikarz dziennikarka "
     "redaktorka autorka pisarz pisarka rzezbiarz rzezbiarka muzyk ksiadz proboszcz rabin policjant "
     "policjantka strazak zolnierz zglaszajacy deklarujacy egzaminator egzaminatorka geodeta rzeczoznawca "
     "biegly posredniknieruchomosci konsultantka chrzestny ojciecchrzestny matkachrzestna burmistrz podatnik "
     "rolnik obywatel"},
    {kNone, kPerson | kAmbiguous | kDirect, "Polish: who did it",
     "odpowiedzialny odpowiedzialna prowadzacy prowadzaca zatwierdzil zatwierdzila zatwierdzoneprzez "
     "sprawdzil sprawdzila sprawdzoneprzez przygotowal przygotowala opracowal opracowala sporzadzil "
     "sporzadzila podpisal podpisaneprzez odebral otrzymal przyjal przyjela przypisanedo zlozoneprzez "
     "rozpatrzyl wystawil zbadal wykonal zweryfikowal"},
    {kNone, kPerson | kAmbiguous | kQualifier, "Polish: also programs, companies, devices",
     "sprzedawca posrednik przedstawiciel doradca gospodarz"},
    {kNone, kPerson, "Czech: persons",
     "lekar osetrujicilekar praktickylekar doktorka zdravotnisestra sestra zubar zubarka lekarnik lekarnice "
     "psycholozka psychiatr veterinarka porodniasistentka fyzioterapeut ucitel ucitelka tridniucitel "
     "tridniucitelka vyucujici profesorka lektor lektorka reditel reditelka reditelskoly svedek svedkyne "
     "notarka advokatka pravnik pravnicka soudce soudkyne tlumocnik tlumocnice prekladatel prekladatelka "
     "pokladnik pokladni tajemnik tajemnice predseda predsedkyne jednatel jednatelka vedouci vedoucitymu "
     "vedouciprojektu nadrizeny nadrizena kolegyne kontaktniosoba odpovednaosoba opravnenaosoba zmocnenec "
     "podepisujici zakonnyzastupce porucnik opatrovnik rodic otec dite dcera bratr sourozenec dedecek "
     "babicka manzel manzelka chot snoubenec snoubenka pritel pritelkyne kamarad soused sousedka "
     "spolubydlici nouzovykontakt kontaktpropripadnouze pronajimatel najemce najemnik vlastnik vlastnice "
     "majitelka darce darkyne rucitel rucitelka dluznice veritel dedic dedicka zesnuly opravneny obmysleny "
     "pojisteny pojistena poskozeny poskozena zalobce zalovany zadatel zadatelka uchazec uchazecka "
     "prijemkyne platce cestujici pacientka zakyne stazista zamestnankyne kandidatka ridic ridicka kuryr "
     "letuska elektrikar instalater truhlar zednik malir malirka uklizecka zahradnik spravcedomu skolnik "
     "skladnik prodavacka cisnik cisnice servirka kuchar pekar reznik kadernik kadernice fotografka novinar "
     "novinarka spisovatel spisovatelka sochar socharka hudebnik knez farar policista policistka hasic vojak "
     "vojakyne oznamovatel zkousejici geodet zememeric odhadce znalec realitnimakler konzultant kmotra "
     "starosta starostka podatel poplatnik"},
    {kNone, kPerson | kAmbiguous | kDirect, "Czech: who did it",
     "odpovedny odpovida schvalil schvalila zkontroloval zkontrolovala vypracoval vypracovala pripravil "
     "overil podepsal prevzal prevzala prijal prideleno vyrizuje vysetril zpracoval zpracovala vystavil"},
    {kNone, kPerson | kAmbiguous | kQualifier, "Czech: also programs, companies, devices",
     "prodavac prodavajici prodejce zastupce zprostredkovatel poradce"},
    {kNone, kPerson, "Slovak: persons",
     "osetrujucilekar obvodnylekar zdravotnasestra lekarnicka psychologicka porodnaasistentka triednyucitel "
     "triednaucitelka riaditel riaditelka riaditelskoly svedok svedkyna sudca sudkyna tlmocnik tlmocnicka "
     "uctovnik uctovnicka pokladnicka tajomnik tajomnicka predsednicka konatel konatelka veduci veduca "
     "veducitimu nadriadeny nadriadena kolegyna zodpovednaosoba splnomocnenec zakonnyzastupca dieta "
     "surodenec staryotec staramama priatel priatelka kamarat sused suseda spolubyvajuci nudzovykontakt "
     "prenajimatel najomca najomnik vlastnicka darca dlznik dlznicka zosnuly poisteny poistena poskodeny "
     "zalobca ziadatel ziadatelka uchadzac uchadzacka platitel platca cestujuci ziak ziacka zamestnankyna "
     "vodic vodicka automechanik stolar murar maliar maliarka upratovacka spravcadomu predavac predavacka "
     "casnik casnicka masiar kadernicka hudobnik knaz policajt policajtka skusajuci odhadca realitnymakler "
     "krstnyotec krstnamama primator"},
    {kNone, kPerson | kAmbiguous | kDirect, "Slovak: who did it",
     "zodpovedny zodpovedna skontroloval pridelene vybavuje spracoval"},
    {kNone, kPerson | kAmbiguous | kQualifier, "Slovak: also programs, companies, devices",
     "predavajuci predajca zastupca poradca sprostredkovatel"},
    {kNone, kPerson, "Slovene: persons",
     "zdravnik zdravnica osebnizdravnik osebnazdravnica lececizdravnik medicinskasestra zobozdravnik "
     "zobozdravnica farmacevt farmacevtka lekarnar psiholog psihologinja psihiater babica fizioterapevt "
     "ucitelj uciteljica razrednik razrednicarka profesorica predavatelj predavateljica mentorica "
     "instruktorica ravnatelj ravnateljica direktorica odvetnik odvetnica sodnik sodnica tozilec tolmac "
     "tolmacka prevajalec prevajalka racunovodja racunovodkinja revizor blagajnik blagajnicarka tajnik "
     "tajnica predsednik predsednica vodja vodjaprojekta vodjaskupine nadrejeni sodelavec sodelavka "
     "kontaktnaoseba odgovornaoseba pooblascenec pooblascenka podpisnik podpisnica zakonitizastopnik skrbnik "
     "skrbnica otrok zakonec soprog soproga prijatelj prijateljica sosed soseda sostanovalec stikvsili "
     "svojec najemodajalec najemnica lastnik lastnica prodajalka darovalec dolznik dolznica upnik dedinja "
     "pokojnik upravicenec upravicenka zavarovanka zavarovalec oskodovanec toznik tozenec vlagatelj "
     "vlagateljica prosilec placnik potnik potnica ucenec ucenka dijak dijakinja delavec delavka zaposlena "
     "voznik voznica kurir stevardesa mehanik elektricar vodovodar mizar zidar slikar slikarka cistilka "
     "vrtnar hisnik skladiscnik natakar natakarica kuhar kuharica mesar frizer frizerka fotografinja urednik "
     "urednica avtorica pisatelj pisateljica kipar kiparka glasbenik duhovnik zupnik policist gasilec "
     "inspektorica izprasevalec cenilec izvedenec svetovalec svetovalka botra zupan zupanja"},
    {kNone, kPerson | kAmbiguous | kDirect, "Slovene: who did it",
     "avtor odgovoren odgovorna odobril odobrila pregledal pregledala preveril prejel prevzel dodeljeno "
     "obdelal"},
    {kNone, kPerson | kAmbiguous | kQualifier, "Slovene: also programs, companies, devices",
     "prodajalec zastopnik"},
    {kNone, kPerson, "Croatian: persons",
     "lijecnik lijecnica obiteljskilijecnik doktorica kirurginja medicinskitehnicar zubarica ljekarnik "
     "farmaceutkinja psihologica psihijatar primalja fizioterapeut nastavnik nastavnica razrednica trenerica "
     "svjedok svjedokinja javnibiljeznik biljeznik odvjetnik odvjetnica sudac sutkinja tuzitelj tumac "
     "prevoditelj prevoditeljica racunovoda knjigovoda knjigovotkinja revizorica predsjednik predsjednica "
     "voditelj voditeljica voditeljprojekta voditeljtima nadredeni kolegica suradnik kontaktosoba "
     "osobazakontakt odgovornaosoba ovlastenaosoba opunomocenik punomocnik potpisnik zakonskizastupnik "
     "staratelj roditelj otac majka dijete kcerka supruznik suprug supruga bracnidrug zarucnik susjed "
     "susjeda cimerica najmodavac stanodavac najmoprimac podstanar stanar vlasnica vlasnik prodavateljica "
     "darivatelj davatelj jamac duznik duznica vjerovnik nasljednik nasljednica ostavitelj korisnica "
     "osiguranica ugovaratelj ostecenik ostecenaosoba tuzenik podnositelj podnositeljica podnositeljzahtjeva "
     "posiljateljica platitelj putnik putnica gosca pacijentica ucenik ucenica studentica pripravnik "
     "zaposlenica kandidatkinja vozac vozacica dostavljac kopilot kapetan stjuardesa mehanicar "
     "vodoinstalater soboslikar slikarica cistacica vrtlar domar skladistar prodavacica konobar konobarica "
     "fotografkinja autorica pisac knjizevnik kiparica glazbenik svecenik policajac policajka vatrogasac "
     "vojnik ispitivac procjenitelj vjestak sudskivjestak savjetnica gradonacelnik obveznik"},
    {kNone, kPerson | kAmbiguous | kDirect, "Croatian: who did it",
     "odgovoran odobrio pregledao provjerio pripremio izradio izradila sastavio potpisao primio preuzeo "
     "dodijeljeno zatrazio obradio ovjerio"},
    {kNone, kPerson | kAmbiguous | kQualifier, "Croatian: also programs, companies, devices",
     "prodavatelj zastupnik savjetnik"},
    {kNone, kPerson, "Serbian: persons",
     "izabranilekar porodicnilekar hirurg apotekar psiholoskinja akuserka razrednistaresina vaspitac "
     "vaspitacica direktorskole svedokinja javnibeleznik beleznik advokatica sudija tuzilac tumacica "
     "prevodilac prevoditeljka racunovotkinja sekretarica rukovodilac rukovodilacprojekta nadredena "
     "koleginica licezakontakt odgovornolice ovlascenolice punomocnica roditeljka majke cerka kcer rodak "
     "verenik verenica drugarica komsija komsinica stanodavka zakupac zakupodavac vlasnikvozila davalac "
     "jemac zirant poverilac naslednik naslednica preminuli osiguranaosoba osteceni tuzeni podnosilac "
     "podnosilaczahteva posiljalac uplatilac platilac pacijentkinja studentkinja kurirka stjuart moler "
     "bastovan magacioner kuvar kuvarica muzicar svestenik vojnikinja inspektorka procenitelj vestak "
     "gradanin poljoprivrednik"},
    {kNone, kPerson | kAmbiguous | kDirect, "Serbian: who did it",
     "odgovorno odobrava proverio proverila pripremila sastavila potpisala primila obradila overio overila"},
    {kNone, kPerson, "Romanian: persons",
     "medic medicul mediccurant medicfamilie medicdefamilie doctorita asistentmedical asistentamedicala "
     "asistenta farmacist psihiatru medicveterinar moasa kinetoterapeut profesoara invatator invatatoare "
     "diriginte diriginta instructoare antrenor antrenoare directoare martor martora avocata judecator "
     "judecatoare procuror traducator traducatoare contabil contabila contabilsef cenzor trezorier secretar "
     "secretara presedinte presedinta administratorfirma managerproiect managerdeproiect sefechipa "
     "sefdeechipa sefdirect coleg persoanacontact persoanadecontact persoanaresponsabila reprezentantlegal "
     "imputernicit semnatar tutorelegal parinte tata copil copilul fiica frate bunic bunica sotie sotia "
     "partenerviata partenerdeviata logodnic logodnica prieten prietena vecin colegcamera colegdecamera "
     "contacturgenta contactdeurgenta proprietar proprietara chirias chiriasa locatar detinator cumparatoare "
     "vanzatoare donatoare fidejusor debitoare creditoare mostenitor mostenitoare decedat beneficiara "
     "asigurata pagubit reclamant reclamanta solicitant solicitanta petent aplicant expeditoare platitor "
     "pasager pasagera calator oaspete invitat pacienta studenta stagiar stagiara angajata salariat "
     "salariata intervievator recrutor sofer conducatorauto curier insotitorbord insotitordebord "
     "insotitoarebord insotitoaredebord mecanic instalator tamplar zugrav femeieserviciu femeiedeserviciu "
     "ingrijitor gradinar portar magaziner gestionar vanzatoaremagazin chelner chelnerita ospatar bucatar "
     "bucatareasa brutar macelar coafor coafeza jurnalist jurnalista ziarist autoare scriitor scriitoare "
     "pictor pictorita muzician preot politist politista mediclegist declaranta topograf expertevaluator "
     "agentimobiliar consultantapersoana primar contribuabil titulardecont fermier delegat"},
    {kNone, kPerson | kAmbiguous | kDirect, "Romanian: who did it",
     "responsabil aprobatde verificatde revizuitde intocmitde pregatitde semnatde primitde acceptatde "
     "predatcatre atribuitlui solicitatde trimisde procesatde examinatde tratatde intervievatde "
     "fotografiatde elaboratde"},
    {kNone, kPerson | kAmbiguous | kQualifier, "Romanian: also programs, companies, devices",
     "vanzator reprezentant consilier intermediar"},
    {kNone, kPerson, "Hungarian: persons",
     "orvos orvosa kezeloorvos haziorvos csaladorvos beutaloorvos sebesz nover apolono fogorvos gyogyszeresz "
     "pszichologus pszichiater allatorvos szuleszno gyogytornasz tanar tanarno tanito tanitono osztalyfonok "
     "oktato professzor magantanar edzo iskolaigazgato igazgato igazgatono temavezeto tanu kozjegyzo ugyved "
     "ugyvedno jogasz ugyesz tolmacs konyvelo konyvvizsgalo penztaros kincstarnok titkar titkarno elnok "
     "ugyvezeto ugyvezetoigazgato vezerigazgato vezeto csoportvezeto csapatvezeto projektvezeto "
     "osztalyvezeto felettes fonok munkatars kollegano kapcsolattarto kontaktszemely felelosszemely "
     "meghatalmazott alairo alairasrajogosult cegjegyzesrejogosult torvenyeskepviselo gyam gondviselo "
     "gondnok szulo anya gyermek gyerek lanya testver nagyapa nagyanya hazastars ferj feleseg elettars "
     "volegeny menyasszony barat baratno szomszed lakotars hozzatartozo veszhelyzetikapcsolattarto "
     "ertesitendoszemely berbeado berlo alberlo adomanyozo kezes ados hitelezo orokos orokhagyo elhunyt "
     "kedvezmenyezett szerzodo karosult felperes alperes kerelmezo igenylo palyazo jelentkezo kuldo "
     "fizetofel vendeg paciens tanulo diak gyakornok alkalmazott dolgozo jelolt interjuztato toborzo sofor "
     "gepjarmuvezeto gepkocsivezeto jarmuvezeto futar kapitany legiutaskisero szerelo autoszerelo "
     "villanyszerelo vizvezetekszerelo asztalos komuves festomuvesz takarito takaritono kertesz hazmester "
     "raktaros boltielado pincerno szakacs szakacsno hentes fodrasz fenykepesz ujsagiro szerkeszto irono "
     "szobrasz zenesz plebanos lelkesz rendor tuzolto katona halottkem nyilatkozo ellenor vizsgaztato "
     "foldmero ertekbecslo szakerto ingatlankozvetito keresztapa keresztanya polgarmester adozo"},
    {kNone, kPerson | kAmbiguous | kDirect, "Hungarian: who did it",
     "szerzo felelos ugyintezo jovahagyta ellenorizte keszitette osszeallitotta alairta atvette elfogadta "
     "hozzarendelve kerelmezte benyujtotta feldolgozta megvizsgalta kezelte rogzitette"},
    {kNone, kPerson | kAmbiguous | kQualifier, "Hungarian: also programs, companies, devices",
     "elado kepviselo tanacsado ugynok kozvetito eloado"},
    {kNone, kPerson, "Albanian: persons",
     "mjeku mjek mjekja mjekuifamiljes mjekukurues doktori kirurgu infermier infermierja dentisti farmacisti "
     "psikolog psikologu psikologe veteriner veterineri mesues mesuesi mesuese mesuesja profesori "
     "profesoresha instruktori trajner trajneri drejtor drejtori drejtoresha deshmitar deshmitari deshmitare "
     "noter noteri avokat avokati avokate gjyqtar gjyqtari prokurori perkthyes perkthyesi perkthyese "
     "kontabilist kontabilisti ekonomist ekonomisti auditues arketar arketari sekretari kryetar kryetari "
     "kryetare menaxheri pergjegjesi mbikeqyresi kolegu personiikontaktit personkontakti personipergjegjes "
     "perfaqesuesiligjor iautorizuari nenshkruesi kujdestar kujdestari prindi babai nena femija djali vajza "
     "vellai motra bashkeshorti bashkeshorte bashkeshortja burri gruaja shoqja fqinji kontaktiiemergjences "
     "qiradhenesi qiramarresi pronar pronari pronare bleresja dhuruesi garantuesi debitori kreditori "
     "trashegimtari perfituesi isiguruari isiguruar paditesi aplikanti kerkuesi derguesi paguesi pasagjeri "
     "udhetari mysafiri pacientja nxenesi nxenes nxenese studenti punonjesja kandidati kandidatja shoferi "
     "shofer piloti kapiteni mekaniku elektricisti hidrauliku pastruesja kopshtari magazinieri shitesja "
     "kamerieri kuzhinieri parukieri fotografi gazetari gazetare redaktori autorja shkrimtari skulptori "
     "piktori muzikanti prifti imami rabini zjarrfikesi ushtari inspektori vleresuesi konsulenti kumbari "
     "kryebashkiaku"},
    {kNone, kPerson | kAmbiguous | kDirect, "Albanian: who did it",
     "autori pergjegjes miratuarnga kontrolluarnga pergatiturnga hartuarnga verifikuarnga nenshkruarnga "
     "pranuarnga caktuarper kerkuarnga dorezuarnga"},
    {kNone, kPerson | kAmbiguous | kQualifier, "Albanian: also programs, companies, devices",
     "shitesi perfaqesuesi agjenti"},
    {kNone, kPerson, "Turkish: persons",
     "doktoru hekim ailehekimi tedaviedendoktor operatordoktor cerrah hemsire dishekimi disci eczaci "
     "psikiyatrist veterinerhekim fizyoterapist ogretmen ogretmeni sinifogretmeni ogretimgorevlisi "
     "ogretimuyesi egitmen okulmuduru mudur muduryardimcisi genelmudur danismanhoca tezdanismani tanik sahit "
     "avukat avukati vekil hakim savci tercuman cevirmen muhasebeci malimusavir denetci denetmen sayman "
     "sekreter baskan yonetimkurulubaskani yonetimkuruluuyesi yonetici yoneticisi amiri takimlideri "
     "ekiplideri projeyoneticisi projemuduru isarkadasi ilgilikisi irtibatkisisi iletisimkisisi sorumlukisi "
     "yetkilikisi yetkiliimza imzayetkilisi yasaltemsilci kanunitemsilci vasi velisi ebeveyn cocuk kardes "
     "kardesi karisi nisanli arkadas arkadasi komsu evarkadasi odaarkadasi acildurumkisisi "
     "acildurumdaaranacakkisi yakini hastayakini evsahibi kiraci kiralayan kirayaveren malik malsahibi "
     "sahibi bagisci kefil borclu alacakli mirasci varis muteveffa lehtar lehdar sigortaettiren davaci "
     "davali magdur basvuran basvurusahibi gonderen gonderenkisi odeyen misafir konuk danisan ogrenci "
     "ogrencisi stajyer cirak mulakatci surucu kurye kaptan kaptanpilot yardimcipilot hostes kabinmemuru "
     "teknisyen tamirci elektrikci tesisatci marangoz duvarustasi boyaci temizlikci bahcivan kapici depocu "
     "deposorumlusu tezgahtar kasiyer garson asci firinci kasap kuafor fotografci gazeteci muhabir yazari "
     "heykeltiras ressam muzisyen rahip haham polismemuru itfaiyeci asker adlitabip beyaneden beyansahibi "
     "mufettis eksper bilirkisi emlakci danisman danismani sagdic nikahsahidi muhtar belediyebaskani "
     "mukellef ciftci vatandas"},
    {kNone, kPerson | kAmbiguous | kDirect, "Turkish: who did it",
     "imzalayan yazar sorumlu sorumlusu yetkili onaylayan onaylayankisi inceleyen kontroleden hazirlayan "
     "duzenleyen dogrulayan imzalayankisi teslimalan teslimeden kabuleden atanan atanankisi talepeden "
     "islemyapan muayeneeden gorusen cekenfotografci taniklikeden"},
    {kNone, kPerson | kAmbiguous | kQualifier, "Turkish: also programs, companies, devices",
     "satici temsilci temsilcisi komisyoncu"},
    {kNone, kPerson, "Azeri: persons",
     "mualiceedenhekim tibbbacisi stomatoloq psixoloq psixiatr baytar muellim muellime sinifrehberi telimci "
     "mesqci mektebdirektoru sahid tercumeci muhasib basmuhasib xezinedar katibe rehber mudir menecer "
     "komandarehberi hemkar elaqelendiricisexs elaqesexsi mesulsexs selahiyyetlisexs imzalayansexs "
     "qanuninumayende qeyyum himayeci valideyn usaq ogul qardas heyatyoldasi qonsu tecilielaqe kirayeveren "
     "kirayeci mulkiyyetci benefisiar iddiaci cavabdeh erizeci muracietci alansexs odeyici sernisin qonaq "
     "sagird telebe namized kuryer stuardessa mexanik santexnik bagban anbardar ofisiant aspaz berber "
     "fotoqraf yazici heykelteras musiqici kesis polisemekdasi yanginsonduren esger qiymetlendirici "
     "meslehetci xacatasi fermer"},
    {kNone, kPerson | kAmbiguous | kDirect, "Azeri: who did it",
     "muellif mesul tesdiqeden yoxlayan qebuleden tehvilalan"},
    {kNone, kPerson | kAmbiguous | kQualifier, "Azeri: also programs, companies, devices",
     "numayende icraci"},
    {kNone, kPerson, "Vietnamese: persons",
     "bacsi bacsidieutri bacsigiadinh bacsiphauthuat dieuduong nhasi duocsi nhatamly bacsithuy hosinh "
     "giaovien giaovienchunhiem giangvien giaosu giasu huanluyenvien hieutruong hieupho nguoihuongdan "
     "nhanchung nguoilamchung congchungvien luatsu thamphan kiemsatvien phiendichvien phiendich "
     "nguoiphiendich nguoidich biendichvien ketoan ketoantruong ketoanvien kiemtoanvien thuquy thuky chutich "
     "giamdoc tonggiamdoc phogiamdoc truongphong truongnhom quanlytructiep nguoiquanly nguoigiamsat captren "
     "dongnghiep nguoilienhe nguoiphutrach nguoichiutrachnhiem nguoidaidien nguoidaidienphapluat "
     "daidienphapluat nguoidaidientheophapluat nguoiuyquyen nguoiduocuyquyen nguoiky nguoigiamho phuhuynh "
     "chame nguoicha nguoime contrai congai anhtrai chigai emtrai emgai anhchiem chong vochong banbe hangxom "
     "bancungphong nguoilienhekhancap lienhekhancap nguoithan chunha nguoichothue benchothue nguoithue "
     "nguoithuenha chusohuu nguoitang nguoihien nguoibaolanh nguoithuake nguoithuhuong nguoiduocbaohiem "
     "nguoikhieunai nguyendon nguoinopdon nguoidangky nguoiyeucau nguoitratien nguoithanhtoan hanhkhachcung "
     "hanhkhachdicung dukhach khachmoi khachluutru hocsinh sinhvien hocvien thuctapsinh nguoilaodong ungvien "
     "nguoiphongvan nhatuyendung taixe laixe nguoilaixe nguoigiaohang phicong cotruong copho thuyentruong "
     "tiepvienhangkhong tiepvien thomay thodien thosuaongnuoc nhanvienvesinh nguoilamvuon baovetruc thukho "
     "nhanvienbanhang phucvuban daubep thocattoc nhiepanhgia nhabao phongvien bientapvien nhavan nhadieukhac "
     "hoasi nhacsi linhmuc canhsat linhcuuhoa quannhan phapy nguoikhai nguoikhaibao thanhtravien giamkhao "
     "nguoithamdinh moigioi tuvanvien chadau chadodau phure phudau chure codau"},
    {kNone, kPerson | kAmbiguous | kDirect, "Vietnamese: who did it",
     "tacgia nguoiduyet nguoipheduyet nguoikiemtra nguoilap nguoilapphieu nguoilapbieu nguoisoan "
     "nguoixacnhan nguoigiao nguoithuchien nguoixuly nguoitiepnhan nguoiduocgiao nguoichup nguoiviet"},
    {kNone, kPerson | kAmbiguous | kQualifier, "Vietnamese: also programs, companies, devices",
     "nguoiban"},
    {kNone, kPerson, "Indonesian: persons",
     "dokterpenanggungjawab dokterkeluarga dokterumum doktergigi dokterhewan dokterbedah perawat bidan "
     "psikiater terapis gurukelas walikelas dosen dosenpembimbing pembimbing instruktur pelatih "
     "kepalasekolah saksi pengacara jaksa penerjemah jurubahasa akuntan bendahara sekretaris ketua "
     "wakilketua direktur direkturutama manajer kepalabagian atasan atasanlangsung penyelia ketuatim "
     "pemimpintim rekankerja narahubung orangyangdapatdihubungi kuasahukum perwakilanhukum penandatangan "
     "wali walimurid orangtua ayah ibukandung ayahkandung putra putri saudarakandung kakek nenek suami istri "
     "isteri pasangansuamiistri teman tetangga temansekamar kontakdarurat pemilikkos penyewa pemilik donatur "
     "pendonor penjamin debitur kreditur ahliwaris almarhum penerimamanfaat tertanggung pemegangpolis "
     "penggugat tergugat pelapor terlapor pemohon pelamar pembayar tamu pasienrawat siswa siswi murid "
     "mahasiswa mahasiswi pewawancara perekrut pengemudi supir sopir pramugari pramugara mekanik montir "
     "teknisi tukanglistrik tukangledeng tukangkayu petugaskebersihan tukangkebun penjagagedung "
     "petugasgudang kepalagudang pramuniaga pelayanrestoran jurumasak koki tukangcukur fotografer wartawan "
     "jurnalis redaktur penulis pematung pelukis musisi penyanyi pendeta polisi pemadamkebakaran tentara "
     "prajurit pelaku korban terdakwa pemeriksa penguji juruukur penilai konsultan bapakbaptis mempelaipria "
     "mempelaiwanita pengantin petani warga"},
    {kNone, kPerson | kAmbiguous | kDirect, "Indonesian: who did it",
     "penanggungjawab disetujuioleh diperiksaoleh disiapkanoleh diverifikasioleh ditandatanganioleh "
     "diterimaoleh ditugaskankepada dimintaoleh diajukanoleh diprosesoleh dirawatoleh dibimbingoleh "
     "ditulisoleh disusunoleh mengetahuioleh"},
    {kNone, kPerson, "Malay: persons",
     "doktorkeluarga doktorperubatan jururawat doktorgigi ahlifarmasi ahlipsikologi doktorhaiwan cikgu "
     "pensyarah penyeliatesis jurulatih gurubesar pengetua peguam peguamcara penterjemah akauntan juruaudit "
     "bendahari setiausaha pengerusi pengarah pengarahurusan pengurus pengurusprojek ketuapasukan "
     "ketuajabatan rakansekerja oranguntukdihubungi wakilsah penandatangansah penjaga ibubapa bapa "
     "anaklelaki anakperempuan adikberadik abang datuknenek kawan jiran rakansebilik waris waristerdekat "
     "hubungankecemasan tuanrumah tuantanah penderma penghutang pemiutang wariskadim benefisiari "
     "orangyangdiinsuranskan pihakdiinsuranskan penuntut pelajar penemuduga pemandu juruterbang juruteknik "
     "juruelektrik tukangpaip penjagastor jurujual tukangmasak pendandanrambut jurugambar penyunting "
     "pengarang pengukir pemuzik paderi anggotapolis ahlibomba askar ejenhartanah perunding pengapit pesara "
     "simati"},
    {kNone, kPerson | kAmbiguous | kDirect, "Malay: who did it",
     "pegawaibertanggungjawab diluluskanoleh disemakoleh disediakanoleh disahkanoleh diseliaoleh dirakamoleh"},
    {kNone, kPerson, "Filipino: persons",
     "doktora manggagamot narses parmasyutiko sikologo beterinaryo guro titser propesor tagapagturo "
     "tagasanay prinsipal punongguro notaryo hukom tagasalin tagapagsalin kontador ingatyaman kalihim "
     "sekretarya tagapangulo tagapamahala superbisor katrabaho kasamahan taongmakokontak kinatawan "
     "tagapagalaga magulang tatay nanay anaknalalaki anaknababae kapatid asawa kaibigan kapitbahay "
     "kasamasakuwarto kontaksaemerhensya kasera nangungupahan umuupa mayari tindera tindero tagagarantiya "
     "nagpapautang nangutang tagapagmana benepisyaryo nakaseguro nagrereklamo aplikante tatanggap nagpadala "
     "nagbabayad pasahero panauhin estudyante magaaral manggagawa kandidato tsuper drayber mekaniko "
     "elektrisyan tubero tagalinis hardinero katiwala bodegero serbidor serbidora kusinero kusinera barbero "
     "litratista mamamahayag patnugot manunulat iskultor musikero pulis bumbero sundalo ninong ninang"},
    {kNone, kPerson | kAmbiguous | kDirect, "Filipino: who did it",
     "mayakda inaprubahanni inihandani sinurini nilagdaanni tinanggapni pinatunayanni"},
    {kNone, kPerson, "Swahili: persons",
     "daktari daktariwafamilia muuguzi nesi mkunga daktariwameno mfamasia mwanasaikolojia daktariwamifugo "
     "mwalimu mwalimuwadarasa mhadhiri profesa mkufunzi mwalimumkuu mkuuwashule shahidi mthibitishaji wakili "
     "mwanasheria hakimu jaji mkalimani mtafsiri mfasiri mhasibu mkaguzi mwekahazina katibu mwenyekiti "
     "mkurugenzi meneja msimamizi kiongoziwatimu mwenzakekazini mtuwamawasiliano mhusikamkuu mwakilishi "
     "mwakilishiwakisheria mtiasaini mlezi mzazi mtoto mwanawakiume ndugu mwenzi rafiki jirani mtuwadharura "
     "mwenyenyumba mpangaji mmiliki mwuzaji muuzaji mfadhili mdhamini mdaiwa mdai mkopeshaji mrithi mfaidika "
     "mnufaika aliyekatiwabima mlalamikaji mlalamikiwa mwombaji muombaji mtumaji mlipaji msafiri abiria "
     "mgeni mwanafunzi mgombea dereva rubani nahodha mhudumuwandege fundi fundiumeme fundibomba msafishaji "
     "mtunzabustani mlinzi mtunzaghala mhudumu mpishi kinyozi mpigapicha mwandishiwahabari mhariri mchongaji "
     "mchoraji mwanamuziki kasisi padri mchungaji shehe zimamoto askari mtangazaji mthamini mshauri "
     "bibiharusi bwanaharusi marehemu mkulima"},
    {kNone, kPerson | kAmbiguous | kDirect, "Swahili: who did it",
     "mwandishi imeidhinishwana imekaguliwana imeandaliwana imesainiwana imepokelewana anayehusika"},
    {kNone, kPerson, "Irish: persons",
     "dochtuir dochtuirteaghlaigh fiacloir cogaiseoir siceolai treidlia muinteoir ollamh teagascoir "
     "teagascoirtiomana coitsealai priomhoide finne dliodoir aturnae abhcoide breitheamh ateangaire "
     "aistritheoir cuntasoir iniuchoir cisteoir runai cathaoirleach stiurthoir bainisteoir maoirseoir "
     "ceannairefoirne comhghleacai duineteagmhala duinefreagrach ionadai sinitheoir caomhnoir tuismitheoir "
     "mathair athair leanbh paiste dearthair deirfiur inion ceile fearceile beancheile comharsa "
     "teagmhalaieigeandala tiarnatalun tiononta uineir dioltoir deontoir rathoir feichiunai creidiunai "
     "tairbhi eilitheoir iarratasoir faighteoir seoltoir iocoir paisineir dalta macleinn iarrthoir agalloir "
     "earcaitheoir tiomanai teachtaire piolota captaen meicneoir leictreoir pluimeir glantoir garraiodoir "
     "airioch freastalai cocaire gruagaire grianghrafadoir iriseoir eagarthoir scribhneoir dealbhoir "
     "peinteir ceoltoir raibi gardasiochana comhraiceoirdoiteain saighdiuir croineir cigire scrudaitheoir "
     "suirbheir comhairleoir athairbaiste mathairbhaiste feirmeoir"},
    {kNone, kPerson | kAmbiguous | kDirect, "Irish: who did it",
     "udar ceadaitheag seiceailteag sinitheag ullmhaitheag faighteag freagrach"},
    {kNone, kPerson, "Catalan: persons",
     "metge metgessa metgecapcalera metgedecapcalera metgefamilia metgedefamilia infermer infermera "
     "farmaceutic psicoleg psiquiatre veterinari llevadora mestre mestra testimoni notari advocat advocada "
     "jutge jutgessa tresorer tresorera secretari gerent capprojecte capdeprojecte capdequip "
     "responsablelegal companyfeina companydefeina personacontacte personadecontacte apoderat signant "
     "signatari tutorlegal filla germa germana avia padrina espos marit muller parella amic veina companypis "
     "companydepis contactedemergencia arrendatari llogater llogatera propietari venedora donant avalador "
     "deutor deutora hereu hereva difunt beneficiari assegurat assegurada prenedor demandant remitent "
     "passatger passatgera viatger convidat alumne estudiant treballador treballadora missatger capita "
     "hostessavol hostessadevol lampista fuster netejador jardiner conserge magatzemer dependenta cambrer "
     "cambrera cuiner cuinera forner perruquer perruquera escriptor escriptora capella mossen bomber taxador "
     "agentimmobiliari alcaldessa contribuent"},
    {kNone, kPerson | kAmbiguous | kDirect, "Catalan: who did it",
     "encarregat aprovatper revisatper elaboratper preparatper verificatper signatper rebutper acceptatper "
     "assignata sollicitatper tramitatper atesper"},
    {kNone, kPerson | kAmbiguous | kQualifier, "Catalan: also programs, companies, devices",
     "venedor"},
    {kNone, kPerson, "Basque: persons",
     "medikua medikuak familiamedikua erizaina farmazialaria psikologoa albaitaria emagina irakaslea tutorea "
     "irakasletutorea entrenatzailea monitorea zuzendaria lekukoa notarioa abokatua epailea interpretea "
     "itzultzailea kontularia ikuskatzailea diruzaina idazkaria lehendakaria presidentea kudeatzailea "
     "arduraduna ikuskatzaileburua taldeburua lankidea harremanetarakopertsona kontaktupertsona "
     "legezkoordezkaria ordezkaria sinatzailea legezkotutorea gurasoa aita haurra semea alaba anaia arreba "
     "ahizpa ezkontidea senarra emaztea auzokidea bizilaguna pisukidea larrialdietakokontaktua "
     "errentatzailea maizterra saltzailea emailea bermatzailea zorduna hartzekoduna oinordekoa onuraduna "
     "aseguratua erreklamatzailea eskatzailea igorlea bidaltzailea ordaintzailea bidaiaria gonbidatua gaixoa "
     "ikaslea hautagaia elkarrizketatzailea gidaria banatzailea pilotua kapitaina mekanikaria elektrikaria "
     "iturgina garbitzailea lorezaina atezaina biltegizaina sukaldaria ileapaintzailea argazkilaria "
     "kazetaria erredaktorea idazlea eskultorea margolaria musikaria apaiza errabinoa ertzaina suhiltzailea "
     "soldadua aitorlea aztertzailea peritua aholkularia aitabitxia amabitxia alkatea baserritarra"},
    {kNone, kPerson | kAmbiguous | kDirect, "Basque: who did it",
     "egilea onartua egiaztatua prestatua sinatua jasotzailea"},
};
// clang-format on

}  // namespace gpsync::core::pii::vocabulary

// The names of members of public APIs, of standards in XML and JSON and of e-invoices, and roles of persons
// in further languages: what the other parts of the vocabulary do not have. vocabulary.hpp says how to read
// and extend it.
#pragma once

#include "core/pii/names/vocabulary.hpp"

namespace gpsync::core::pii::vocabulary {

using enum Detector;

// clang-format off
inline constexpr Row kApis[] = {
    {kNone, kPerson | kNameOnly, "English: parties to loans, leases, estates, schools, care, travel, property",
     "sublessee vendee settlor settlors probationer conservator mourner bailee enrollee enrolee enrolees "
     "enrollees evaluee examinee headofyear birthpartner proband studysubject trialsubject livesassured "
     "licencee indemnitor contestant contestants racer bowler paxes leadpax cotraveller booker travelarranger "
     "dasher appointee hiree newhire teammate teammates subordinates directreport directreports shiftlead "
     "inviter cohost cohosts panellist panellists subdelegate prospectivetenant cobuyer coseller cosellers "
     "homeseller roomer boarder squatter attorneyinfact powerofattorneyholder mandategiver psudata "
     "friendinvited alumni"},
    {kNone, kPerson | kNameOnly, "German: persons",
     "kreditnehmer kreditnehmerin darlehensnehmer darlehensnehmerin mitdarlehensnehmer mitmieter vormieter "
     "nachmieter wohnungseigentuemer wohnungseigentumer wohnungsgeber mitantragsteller mitschuldner "
     "bezugsberechtigter mitversicherter reiseteilnehmer hauptreisender hauptgast azubi sorgeberechtigte "
     "sorgeberechtigt betreuter betreute pflegebedurftiger belegarzt bezugspflegekraft miterbe "
     "vermaechtnisnehmer testamentsvollstrecker vollmachtgeber kontoinhaberin karteninhaberin "
     "verfuegungsberechtigter wirtschaftlichberechtigter wirtschaftlichberechtigte gesellschafterin "
     "beschwerdefuehrer unfallgegner bestellerin besucher besucherin teilnehmerin kursleiter uebungsleiter "
     "brautpaar tierhalter tierhalterin"},
    {kNone, kPerson | kNameOnly, "French: persons",
     "emprunteur emprunteuse coemprunteur apprenant apprenante ayantsdroit assureprincipal allocataire "
     "demandeuremploi partenairepacs acquereuse hebergeant soignante aidant aidante personneagee "
     "personnedeconfiance personneconfiance accompagnatrice destinatrice donneuseordre dirigeante associee "
     "licenciee participante"},
    {kNone, kPerson | kNameOnly, "Spanish: persons",
     "prestatario prestataria coprestatario codeudora copropietario copropietaria derechohabiente causante "
     "suscriptora cotitular cotitulares acompanante acompanantes concubino concubina conviviente matrona "
     "comadrona cuidador cuidadora ciudadano ciudadana denunciado imputado fedatario albacea finado finada "
     "visitante visitantes agremiado votante"},
    {kNone, kPerson | kNameOnly, "Portuguese: persons",
     "mutuario mutuaria coobrigado condominos morador moradora moradores sindico recebedora acompanhante "
     "cooperada cidadao cidada eleitor colaborador colaboradora gestora inventariante donatario inscrita "
     "palestrante tutorpet"},
    {kNone, kPerson | kNameOnly, "Italian: persons",
     "mutuatario mutuataria comproprietario usufruttuario nudoproprietario cointestataria correntista "
     "procuratrice sottoscrittrice titolareeffettivo alunni allievo allieva genitori docenti ostetrico "
     "pazienti assistito assistita badante caregiverfamiliare medicoproponente medicorefertante infermieri "
     "deceduto eredi imputato indagato querelante ricorrenti passeggeri viaggiatori ospiti accompagnatore "
     "capofamiglia guidatore trasportato conducenti iscritta collaboratrice lavoratori percipiente "
     "dichiarantefiscale"},
    {kNone, kPerson | kNameOnly, "Dutch: persons",
     "kredietnemer geldnemer medehuurder medeaanvrager verzekeringnemer polishouder volmachtgever "
     "gevolmachtigde medereiziger hoofdreiziger hoofdboeker boeker gasten leerlingen cursist mantelzorger "
     "zorgvrager fiscaalpartner bewoner bewoners appartementseigenaar verdachte deelnemer deelnemers "
     "vrijwilliger contactpersonen bezoeker bezoekers"},
    {kNone, kPerson | kNameOnly, "Nordic languages: persons",
     "lantaker lantager lantagare medlantagare medlantaker lejere beboer andelshaver andelseier sameier "
     "bostadsrattshavare forsikrede elever foresat narstaende resande medforare fullmaktsgivare fullmaegtig "
     "besogende besokende besokare deltager deltaker deltagare lainanottaja kanssahakija omainen matkustajat "
     "vierailija osallistuja lantaki"},
    {kNone, kPerson | kNameOnly, "Russian: persons",
     "поручители залогодатель съемщик жилец жильцы сособственник собственники долевик дольщик "
     "кредитополучатель застрахованноелицо застрахованные выгодоприобретатели пассажиры туристы гости "
     "посетитель посетители визитер ученики воспитанник обучающийся абитуриент слушатель докладчик спикер "
     "роженица акушер подопечный опекаемый сиделка сотрудники работники подчиненный приглашенный новорожденный "
     "наследодатель завещатель виновник потерпевшая обвиняемый подозреваемый задержанный осужденный физлицо "
     "владельцы автовладелец собственниктс"},
    {kNone, kBareName | kNameOnly, "A name in another script or language, or transliterated",
     "nameen enname ennm romanname nameroman nameromanized romanizedname nameromaji romajiname cnname namechn "
     "chnname chinesename namechinese zhname namehanzi hanziname namekanji kanjiname namekana kananame "
     "furigananame namehiragana hiragananame namekatakana katakananame nameyomi yomigana nameyomigana nameja "
     "janame jpname japanesename nameko koname krname korname kornm namekor koreanname hangulname namehangul "
     "namehanja hanjaname arname arabicname namearabic namehebrew thname thainame namethai thaname namevi "
     "namevn nameru runame russianname namerus rusname namecyrillic cyrillicname namehi hindiname namehindi "
     "namebn banglaname namebangla bnname nameta tamilname nametamil namesi sinhalaname namesinhala namemm "
     "mmname myanmarname namemyanmar namekh namekhmer faname nameur urduname nameurdu georgianname "
     "armenianname namenative nameoriginalscript originalscriptname namelocal namelocalscript "
     "locallanguagename nameotherlanguage otherlanguagename transliteratedname asciiname nameintl intlname "
     "latinizedname namelatinized namephonetic namepinyin pinyinname vernacularname nomeingles nombreingles "
     "nomanglais namainggeris namarumi namajawi"},
    {kPersonName, kNameOnly, "Whose name, written in one: leads, parties, relatives, travel",
     "employeename candidatename settlorname referrername probandname scholarname enrolleename horseownername "
     "pushername kinname emergencyname emergcontact examineename surgeonname advocatename bookername "
     "alumniname tenantsname doctorsname teachersname parentsname spousesname husbandsname wifesname "
     "childsname guardiansname landlordsname borrowersname guarantorsname sendersname payersname workersname "
     "bridesname groomsname deceasedsname signersname"},
    {kPersonName, kNameOnly, "Travel: passengers and guests",
     "paxfirst paxlast frequentflyername nameasonticket ticketedname"},
    {kPersonName, kNameOnly, "Payment and banking APIs: the holder, as a bank, a wallet or a card has the name",
     "vpaname upiname payervpaname nameasperbank nameatbank bankregisteredname beneficiarynamewithbank "
     "beneficiarynameatbank accountnamematch nameasperaadhaar nameonaadhaar nameoncheque nameoncheck "
     "nametoprintoncard nameonplastic plasticname cardfacename cardprintname cardprintedname crdname "
     "nombretarjeta consignornamekana kouzameigi kozameigi kozameigikana receivercompanyorname payertitle "
     "payeetitle bankholder"},
    {kPersonName, kNameOnly, "Initials, parts of names, names as used, salutations with a name",
     "firstinitial finitial secondinitial thirdinitial lastinitial fatherinitial fathersinitial middleinit "
     "nameinitials nameinitial voornaamletters voorlttrs vrlttrs tercernombre decasada ape1 ape2 apepat apemat "
     "patronym patronymicname thirdname fourthname nommarital nomfam kanafirst kanalast pinyinfirst pinyinlast "
     "xingpinyin mingpinyin firstnamelat surnamelat aanspreeknaam achternaampartner midname marriedname "
     "nameatbirth baptismalname legalfirst legallast monasticname addressedas famio pibshort"},
    {kExpiry, kNameOnly, "Payments: a card or its token: expiry under unusual names",
     "cardvalidtill cardthru cardenddate ccmonthyear ccmm ccyy ccmonth ccyear ccexpy cardmm cardyy expmoyr "
     "expyymm expiryyymm expirymmyy validuntilmmyy goodthrough xpdt xpiry xprymnth dtexpir venctarjeta "
     "dsexpirydate datevaliditeporteur tokenexpirymonth dpanexpiry dpanexpirydate networktokenexpiry "
     "networktokenexpirymonth tokenexpmonth track2expiry srokkarty 유효기간월 유효기간년 yuukoukigen yukokigen "
     "cardlimitdate cardvaliddate kartay kartyil сроккарты"},
    {kCvv, kNameOnly, "Payments: card verification under unusual names",
     "csccode cvncode cardverif cardseccode codeonback cryptovisuel cvv2porteur kartguvenlik guvkod cavdcode "
     "codseguridad codsicurezza 세큐리티코드 卡背面三位 背面三码 fourdbc"},
    {kPassword, kNameOnly, "One-time codes and passwords of payment and login APIs",
     "motp smsverifycode mobileverifycode itan phototan chiptan totpcode twofacode tfacode scratchcodes "
     "memorableword memorableinformation secretword securityword answertosecurityquestion hintanswer mpincode "
     "tpincode zhifumima jiaoyimima denglumima mima yanzhengma dongtaima duanxinma clavesms clavedinamica "
     "claveinternet clavecajero clavetributaria claveciec codigoautorizacionsms motdepasseunique codicesms "
     "smskodu dogrulamakodu parolasms kodzsms kodautoryzacyjny kodpotwierdzajacy smsklic kodesms maxacnhan "
     "kodpodtverzhdeniya kodizsms kodpodtverjdeniya 短信码 recoverycode recoverycodes backupcodes"},
    {kCryptogram, kNameOnly, "Tokenisation, ISO 8583 and 3-D Secure: cryptograms under unusual names",
     "dtavv dsrpdata dsrpvalue cavvcode caavdata emvcrypto cryptgrm crdcrptgrm tkncrptgrm tokenauthval "
     "threedsauthvalue authvalue3ds"},
    {kNone, kBareName | kNameOnly, "A name in another script or language, or transliterated",
     "namehe hebname nametha vnname nameuk nameua uaname namegr grname greekname namegreek khmername laoname "
     "namefa persianname namege nameka namekk namekz nameuz namemn mongolianname namelocallanguage "
     "nametransliterated nametranslit nameascii namevernacular namalatin namaarab namacina namamandarin"},
    {kNone, kPerson | kAmbiguous | kNameOnly, "English: the same; also companies, programs, models",
     "lessor sublessor conveyancer grantor grantee obligor obligee bailor assignor licensee licensees proposer "
     "attestor survivor survivors scholar entrant entrants leaver contributor contributors interlocutor "
     "mandator remittee proprietor introducer curator subordinate"},
    {kNone, kPerson | kAmbiguous | kNameOnly, "German: the same; also companies, practices, phases",
     "leasingnehmer ueberweiser uberweiser einweiser zuweiser treugeber treuhaender gesellschafter vorstand "
     "erfasser beteiligter besteller auftraggeber rechnungsempfaenger lieferempfaenger warenempfaenger "
     "teilnehmer referent"},
    {kNone, kPerson | kAmbiguous | kNameOnly, "French: the same; also companies, adjectives",
     "preneur cautionnaire mandant cedant cessionnaire vendeur hebergeur soignant medecinadresseur "
     "accompagnant accompagnateur rapporteur associe actionnaire licencie arbitre occupante"},
    {kNone, kPerson | kAmbiguous | kNameOnly, "Spanish: the same; also companies, adjectives",
     "residente cotizante mandante mandatario suscriptor girador librador librado endosante consignatario "
     "consignataria representado socia socio socios escribano adquirente adquiriente enajenante cedente "
     "cesionario asistente asistentes"},
    {kNone, kPerson | kAmbiguous | kNameOnly, "Portuguese: the same; also companies, adjectives, nodes of a tree",
     "tomadorcredito locadora cessionario outorgante outorgado sacado sacador recebedor estipulante dependente "
     "profissionalexecutante associado associada cooperado gestor requerido reclamado alienante inscrito"},
    {kNone, kPerson | kAmbiguous | kNameOnly, "Italian: the same; also companies, adjectives",
     "fideiussore contraenti delegante procuratore aderente sottoscrittore titolare titolari esecutore "
     "committente acquirenti cedenteprestatore ordinantebonifico traente trattario giratario affidatario "
     "convenuto partecipante partecipanti iscritto iscritti soci relatori collaboratore percettore"},
    {kNone, kPerson | kAmbiguous | kNameOnly, "Dutch: the same; also companies, signals",
     "hypotheekgever verzorger zorgverlener verwijzer executeur verkrijger vervreemder belanghebbende "
     "betrokkene betrokkenen inschrijver opdrachtgever"},
    {kNone, kPerson | kAmbiguous | kNameOnly, "Nordic languages: the same; also companies",
     "betalningsmottagare osakas haltija maksunsaaja vastaanottajat"},
    {kNone, kPerson | kNameOnly, "Slavic languages in Latin letters: persons",
     "kredytobiorca kredytobiorcy wspolkredytobiorca pozyczkobiorca lokatorzy wspolwlasciciel uczniowie "
     "rodzice mocodawca goscie uczestnik uczestnicy odwiedzajacy spoludluznik spoluzadatel uzivatelbytu "
     "spoluvlastnik zaci pojistnik drzitel ubytovany navstevnik ucastnik obdarovany pozustaly zemrely poistnik "
     "zajmoprimac zajmoprimatelj zajmoprimalac suduznik stanari suvlasnik ucenici roditelji ugovarac putnici "
     "gosti posjetitelj posetilac sudionik ucesnik nalogodavac uplatitelj pristupnik kreditojemalec solastnik "
     "skrbniki potniki obiskovalec udelezenec nalogodajalec imetnik"},
    {kNone, kPerson | kAmbiguous | kNameOnly, "Polish, Czech: the same; also companies, adjectives",
     "zleceniodawca zleceniobiorca sprawca uprawniony wystawca zbywca"},
    {kNone, kPerson | kNameOnly, "Baltic languages, Estonian, Hungarian, Romanian, Albanian, Turkish, Azeri: persons",
     "paskolosgavejas bendrasavininkis moksleivis lankytojas dalyvis velionis aiznemejs lidzipasnieks "
     "apmekletajs dalibnieks laenuvotja kaastaotleja kaasomanik kulaline osaleja adostars tulajdonostars "
     "utasok vendegek latogato resztvevo befizeto cimzettek meghatalmazo imprumutat imprumutatul codebitor "
     "coproprietar elevi parinti oaspeti vizitator defunctul huamarres qiramarres qiradhenes pasagjer mysafir "
     "vizitor kredialan katmaliki ogrenciler yolcular konuklar misafirler ziyaretci katilimci refakatci "
     "muvekkil borcalan icareci"},
    {kNone, kPerson | kAmbiguous | kNameOnly, "Russian: the same; also companies",
     "залогодержатель лизингополучатель плательщики получатели отправители участник участники принципал "
     "заверитель куратор инициатор согласующий утверждающий владелец"},
    {kNone, kPerson | kNameOnly, "Ukrainian, Bulgarian, Serbian, Macedonian, Kazakh, Mongolian, Greek: persons",
     "позичальник співпозичальник співвласник мешканець пасажири відвідувач учасник породілля съдлъжник "
     "съсобственик пътници посетител наредител наследодател зајмопримац станар сувласник посетилац учесник "
     "бабица заемопримач плаќач қарызалушы қорғаншы зээлдэгч түрээслэгч эзэмшигч асранхамгаалагч даатгуулагч "
     "зорчигч жолооч зочин төлөгч хүлээнавагч илгээгч өргөдөлгаргагч δανειοληπτησ συνδανειοληπτησ "
     "συνιδιοκτητησ ενοικοσ επιβατεσ επισκεπτεσ συμμετεχων πελατισσα φορολογουμενοσ"},
    {kNone, kPerson | kNameOnly, "Chinese, Japanese, Korean: persons",
     "共同借款人 出借人 贷款人 抵押人 租户联系人 房客 住户 共有人 共同申请人 汇款人 被保人 户名人 乘机人 出行人 同行人 入住人 来访者 被访人 拜访人 陪护人 护工 产妇 孕妇 新生儿 被继承人 "
     "遗嘱人 参会人 嘉宾 驾驶人 宠物主人 纳税人 办理人 收件者 寄件者 訂購人 訂票人 購買人 付款者 匯款人 收款者 保戶 住戶 屋主 持卡者 借り主 入居者 区分所有者 荷受人 荷送人 発送人 受取り人 "
     "振込人 振込依頼人 旅行者 来客 訪問者 参加者 出席者 園児 介護者 要介護者 患者様 被告人 納税者 飼い主 대출자 공동채무자 입주자 입주민 공유자 신청인 공동신청인 지급인 동반자 투숙자 내방객 "
     "참가자 참석자 간병인 산모 사망자 피고인 납세자 차량소유자 견주"},
    {kNone, kPerson | kAmbiguous | kNameOnly, "Chinese, Japanese, Korean: the same; also companies, addresses",
     "借款方 承租方 发货人 收货方 承保人 届け先 宛先 라이더"},
    {kNone, kPerson | kNameOnly, "Arabic, Hebrew, Persian, Urdu, Hindi, Tamil, Thai: persons",
     "المقترض المقترضة الموجرة صاحبالطلب المحولاليه حاملالوثيقة الزاير المندوب المولود المتوفي المتهم الموكل "
     "الخاطب לווה לווים בעלדירה דיירים דיירת בעלפוליסה נוסעים אורחים מבקרים הורים יולדת נפטר חשוד נאשם משתתף "
     "משתתפים وامگیرنده مالکواحد مسافران مراجعهکننده بازدیدکننده همراهبیمار قرضدار مسافرین उधारकर्ता "
     "सहउधारकर्ता आगंतुक दाई नामित नामांकित உத்தரவாததாரர் வாடகைதாரர் விண்ணப்பதாரர் பயனாளி பயணி பயணிகள் "
     "விருந்தினர் ஓட்டுநர் மாணவர் மாணவி பாதுகாவலர் கடனாளி মনোনীত ผู้กู้ ผู้กู้ร่วม เจ้าของร่วม ผู้อยู่อาศัย "
     "ผู้โอน ผู้รับโอน ผู้มาติดต่อ คนไข้ ผู้เข้าร่วม"},
    {kNone, kPerson | kAmbiguous | kNameOnly, "Arabic, Hebrew, Persian, Thai: the same; also companies, adjectives",
     "الوكيل المفوض البايع רוכש מוכר موکل فروشنده ผู้ดูแล"},
    {kNone, kPerson | kNameOnly, "Vietnamese, Indonesian, Malay, Filipino, Swahili, Basque, Catalan, Irish",
     "nguoivay nguoivayvon nguoidongvay chuho chucanho cudan nguoidenghi nguoitra nguoichuyen nguoihuongthu "
     "benmuabaohiem nguoidicung khachthamquan nguoinha nguoimat nguoinopthue peminjam pemilikrumah pemilikunit "
     "penghuni penerimadana pemegangrekening pengunjung peserta penyewarumah peminjambersama pemilikakaun "
     "pesertakursus pelawat tetamu pembayarcukai pewaris pemberikuasa nanghihiram maylupa bisita mkopaji "
     "prestatari copropietari maileguhartzailea iasachtai cuairteoir benthyciwr disgybl rhiant gwarcheidwad "
     "teithiwr gyrrwr ymwelydd ymgeisydd მსესხებელი მეიჯარე վարկառու ተበዳሪ ዋስ ተከራይ አከራይ ተማሪ ወላጅ አሳዳጊ ተሳፋሪ ሹፌር "
     "እንግዳ አመልካች ከፋይ ላኪ"},
    {kPersonName, kAmbiguous | kNameOnly, "The same; also of companies, ships, products",
     "proposername deliverytoname rcvname recvname calledpartyname proprietorname"},
    {kPersonName, kAmbiguous | kNameOnly, "The same; also of companies, lines, matches",
     "receivingname namefrombank nameonbill nameonstatement nametoprint opponentname oppname oppacctname "
     "kozaname accountnamekana acctkana"},
    {kPersonName, kAmbiguous | kNameOnly, "The same; also forms of address alone, brands",
     "initialen initiales iniciales iniziali iniciais inicjaly nimikirjaimet initialer инициалы briefaanhef "
     "lettersalutation greetingname filiacao filiacao1 filiacao2"},
    {kPersonName, kNameOnly, "Whose name, in one, in Romance, Germanic, Finnic and other languages",
     "xnomedest nomemutuario nomecondomino nomemorador nomecontribuinte nomesacado nomecorrentista nomeeleitor "
     "nomecolaborador nomedependente nomevisitante nomeassinante nmdep nmsocial nmpai nmmae nommae nmmaetrab "
     "nocidadao nomae nopai nomerespprim nombreprestatario nombresocio nombrereplegal nomemprunteur "
     "nomvisiteur nomdirigeant besuchername kontoinhabername teilnehmername ansprechpartnername elternname "
     "bezoekernaam elevnavn gjestenavn elevnamn forarnamn oppilaannimi vuokralaisennimi numeelev veliadi "
     "personeladi namapeserta"},
    {kPersonName, kAmbiguous | kNameOnly, "The same; also of companies",
     "xcontato nomerecebedor nomereceptor nombrereceptor rznsocrecep nomecontato nombrecontacto nmcontato "
     "bestellername mottagarnamn nomeprofissional"},
    {kPersonName, kNameOnly, "Korea: whose name, in one",
     "memnm mbernm stunm orderernm rcipnm sndnm dpstrnm dpsrnm chrgrnm mngrnm rprsntvnm rprsvnm insurdnm "
     "insrdnm cntrctrnm prtctrnm hsbndnm hannm realnm 예약자 수취인명 입금자 회원명 학생명 사원명 성명한글 성명영문 영문이름 한글명 받는이 보내는이 수령자 "
     "발송자 대리인명 동승자"},
    {kPersonName, kNameOnly, "Japan: whose name, in one",
     "dairikanjin daihyoshaname tantosha tantoshaname tantousha keiyakusha keiyakushaname hihokensha "
     "moushikomisha moushikominame hogosha kokyakuname 氏名かな 姓カナ 名カナ 姓漢字 名漢字 姓ローマ字 名ローマ字 名義カナ 荷受人名 飼い主名"},
    {kPersonName, kAmbiguous | kNameOnly, "Japan: the same; also of companies, nodes",
     "daihyosha riyosha meigi otodokesaki セイ メイ"},
    {kPersonName, kNameOnly, "China: whose name, initials of Pinyin or in characters",
     "姓名拼音 姓拼音 名拼音 曾用名 kaihuname skrname fkrname jjrxm xsxm brxm ygxm czrxm bxrxm frxm fddbr jbrxm sqrxm zwxm"},
    {kExpiry, kAmbiguous | kNameOnly, "The same; also of documents, offers",
     "cardvalidity ccdate dateexpir mesexpiracion anoexpiracion anioexpiracion mesvencimiento aniovencimiento "
     "mesescadenza annoscadenza moisexpiration anneeexpiration ablaufmonat ablaufjahr verfalldatum vervalmaand "
     "vervaljaar mmyy yymm youxiaoqi"},
    {kCvv, kAmbiguous | kNameOnly, "The same; also of customers, vouchers, doors",
     "securitydigits threedigitcode securitycd anquanma"},
    {kPassword, kAmbiguous | kNameOnly, "The same; also checks, states, dialling codes",
     "otpresponse smstoken verifycode vericode emailcode challengecode secretcode mfatoken twofa backupcode "
     "magiccode confirmcode handovercode unlockcode keypadcode tokensms codigotoken authenticatorcode tfatoken"},
    {kPhone, kNameOnly, "Members of APIs of single countries: telephones",
     "fonedest fonecontato nrfone nrofone fonerecado fonoreceptor fonocontacto celapoderado telbureau nomorwa "
     "zalonumber vibernumber sdtkhach sdtnguoinhan sdtphuhuynh mbtlnum moblphonno moblno mbphno mbtlno cttpc "
     "clphno clphnno hndphnno 비상연락처번호 yddhhm callernumber paytmnumber"},
    {kPhone, kAmbiguous | kNameOnly, "The same; also command lines, units, devices",
     "sdt hpno wanumber clinumber aparty bparty didnumber"},
    {kNationalId, kNameOnly, "Identity and tax numbers of persons in APIs of single countries",
     "nrrg numrg rgnumero nrnis nucns cartaosus nrcns tituloeleitor runalumno runpaciente ocrine idmex cicine "
     "dniconductor docidentidad cfassistito cfpaziente cfdipendente cfpercettore peselklienta peselpacjenta "
     "rodcis rcklienta rcpacienta seriebuletin perskods rijksregnr sozversnr ipnklienta iinklienta epicnumber "
     "epicno aadharno pancardno samagraid abhanumber uannumber uanno nomorkk nisn gsisno philhealthno "
     "pagibigno nrcno nidano juminbunho ihidnum sfzhao ssnkor doctitular"},
    {kNationalId, kAmbiguous | kNameOnly, "The same; also of companies, documents",
     "docpagador docfavorecido docident cicliente nrocarnet davcna serieci numavs numsecu healthid esicno "
     "sssno nida huduma jumin residentno sfz zjh cfcliente"},
    {kBirthDate, kNameOnly, "Members of APIs of single countries: dates of birth",
     "fnac dnaiss dtnasci geburtsdat geboortedat gebdt fodselsdatum foddato syntaika syntpvm syntymapvm "
     "durodzenia datumnar datumrodj datroj datanast dogtar dogumtar szuldatum szulido dzimdat gimdata synnikp "
     "datarozhd drklienta trkhlahir brthdy brthymd brthym brthde csrqi birthd"},
    {kAddress, kNameOnly, "Members of APIs of single countries: addresses",
     "xlgrdest endresidencial endentrega endcobranca dirrecep dirreceptor domfiscalreceptor direntrega "
     "direnvio domparticular numvoie libvoie indspedizione strhnr verblijfsadres utdelningsadress isadresi "
     "propiska noicutru hokhau thuongtru tamtru roadaddrpart1 rdnmadr jusyo 户籍所在地"},
};
// clang-format on

}  // namespace gpsync::core::pii::vocabulary

// Names in languages of other scripts as they are written in Latin letters, abbreviated columns of older
// systems, whose a name is in the genitive, and languages that the other parts of the vocabulary do not have.
// vocabulary.hpp says how to read and extend it.
#pragma once

#include "core/pii/names/vocabulary.hpp"

namespace gpsync::core::pii::vocabulary {

using enum Detector;

// clang-format off
inline constexpr Row kRomanised[] = {
    {kPersonName, kNameOnly, "Columns of mainframes, ERP and health systems, abbreviated",
     "fstnm fstname lstname frsname gvnnm gvnname mdnnm mdnname maidennm fmlynm famnm srnm surnme fulnm "
     "fullnme empname emplname firstn lastn vorn crdhldrnme nmprs prsnm emergnm emrgcntctnm fstnme lstnme "
     "frstnme midnme ptntnm patientnm membernm subscrnm insdnm acctnmhldr"},
    {kPersonName, kNameOnly | kAmbiguous, "The same; also of files, loops, measures",
     "fnm lnm mnm fnme lnme minm"},
    {kNone, kPerson | kNameOnly, "Whose: columns of mainframes, ERP and health systems, abbreviated",
     "cst clnt empl mbr ptnt insd bnfcry bnfcy applcnt borr brwr psgr emrg cntct rcpnt sndr rcvr prsn indv "
     "indiv pymnthldr hldr stdnt prvdrctct crdhldrs acctholder gurntr gtor spse"},
    {kNone, kPerson | kAmbiguous | kNameOnly, "The same; also of programs, tokens, paths",
     "pat bnf bene usr emp gst subscr benef drvr rcpt"},
    {kNone, kNamePart | kSuffix | kNameOnly, "\"PAT_FST\": as \"first\"",
     "fst frst lst gvn fmly"},
    {kBirthDate, kNameOnly | kLoose, "Columns, abbreviated",
     "bthdt bthdte birthdte brthdte dobdt dobdte dobts dobtime dobepoch dobtimestamp dobmillis birthts "
     "birthepoch birthtimestamp birthtime dobtxt custdob mbrdob patdob empdob gbdt gbdatum dtbirth dateofbrth "
     "birthdateepoch birthdatetimestamp dateofbirthepoch dateofbirthtimestamp"},
    {kPhone, kNameOnly | kLoose, "Columns, abbreviated",
     "phno phnbr phnum phneno phnenbr homeph workph cellph custph hmph hmphn wkph wkphn wrkph dayph eveph "
     "mobph mblno mblnbr mblphn mblph teleno telenbr telenum telenumber contactnbr cntctnbr cntctno cntctph "
     "cntctphn telfx telphn tlno tlnbr phonenational nationalphone phoneformattednational cellno cellnbr "
     "homephn workphn cellphn dayphn evephn"},
    {kEmail, kNameOnly | kLoose, "Columns, abbreviated; forms in India",
     "emladr emladdr emailad emailnm custeml homeeml workeml emailtx emladdress mailaddr mailadr primaryeml "
     "emladrs"},
    {kEmail, kNameOnly | kAmbiguous, "The same; also a file of one message",
     "eml"},
    {kAddress, kNameOnly | kLoose, "Columns, abbreviated",
     "addressln adrsln addrsln streetln strnm strtname hsenost hseno hsenbr hsnbr hsno housenum zipcd zipcde "
     "pstlcde postcde pstcde pstlzip addrzip ziptxt zipplus zipplusfour resaddr resdaddr mlngaddr mlngadr "
     "mailaddrln blngaddr blngadr hmaddr permaddr curraddr prevaddr strtaddr stradr straddr addrtxt addrtx "
     "aptnbr aptnum bldgno bldgnum unitnbr suitenbr pobx pobxno streetadr streetaddr stratnm"},
    {kNone, kPlace | kNameOnly, "Columns, abbreviated: street or state, town",
     "stnm twnnme cntynm countynm"},
    {kPan, kNameOnly | kLoose, "Columns, abbreviated",
     "ccnumb cardnumb crdnumb plasticnbr plasticnumb crcardno crcardnbr credcrdnbr credcrdno dbtcrdnbr "
     "dbtcrdno pymtcrdnbr pymtcrdno cardacctno cardacctnbr cardacctnum cardnbrtxt cardnmbr crdnmbr ccnmbr "
     "pannbr pannum panno pantxt"},
    {kCvv, kNameOnly | kLoose, "Columns, abbreviated",
     "crdseccd cardseccd crdvrfycd crdvrfcd crdvrfctncd cardvercd cardverifcd cardvrfycd cardvrfcd crdscrtycd "
     "cardscrtycd crdcvvnbr cvvcd cvvcde cvccd cvccde cvvtxt crdvercd crdverifcd seccdcrd cardsecuritycd "
     "cardverificationcd cvvvalue"},
    {kExpiry, kNameOnly | kLoose | kFunding, "Columns, abbreviated",
     "ccexpr ccexprdt ccxprdt cardexpirdt cardexprdt cardxpirdt crdexpirdt crdexpr crdexpirydt expdtcrd "
     "cardexpdte crdexpdte cardexpmo cardexpyr crdexpmo crdexpyr crdexpmmyy cardexpmmyy ccexpmmyy cardexpirdte"},
    {kSsn, kNameOnly | kLoose, "Columns, abbreviated",
     "ssnnbr ssntxt sclsecnbr sclsecno socsecnum soscsecnbr socialsecnbr socialsecnum socsecnbr "
     "socialsecuritynbr"},
    {kNationalId, kNameOnly, "Columns, abbreviated",
     "txpyrid taxpyrid txpyrno ntnlid ntnlidno taxidnbr natidnbr ctznid ctznidno citizenidno natnlid govtidno"},
    {kAccount, kNameOnly | kLoose, "Columns, abbreviated",
     "acntno acntnbr acntnum accnbr ddanbr ddano ddaacctno ddaacctnbr chkacctnbr chkacctno savacctnbr "
     "savacctno depacctnbr depacctno lnacctnbr bnkacctno bnkacctnbr bkacctno bkacctnbr bankacctnbr"},
    {kPassport, kNameOnly, "Columns, abbreviated",
     "psptno psptnbr psprtno psprtnbr passprtno passprtnbr psptnum psprtnum passportnbr pptnbr pssprtno"},
    {kDrivingLicence, kNameOnly, "Columns, abbreviated",
     "drvlicno drvlicnbr drvrlicno drvrlicnbr driviclicno drivlicno drivlicnbr dlnbr dlnum licnbrdrvr drvlic "
     "drvrlic drvlicnum drvlcnsno"},
    {kPersonName, kNameOnly | kLoose, "Russian, Ukrainian, Bulgarian in Latin letters (ISO 9, GOST, BGN)",
     "familiya familiia famylia famyliia prizvyshche prizvysche imyaotchestvo imyaklienta imyaklijenta "
     "imyapokupatelya imyapolzovatelya imyapoluchatelya imyaotpravitelya imyasotrudnika imyapatsienta "
     "familiyaklienta polnoeimya polnoeimia povneimya povneimia imyavladeltsa imyaderzhatelya fioklienta "
     "fiopokupatelya fiosotrudnika fiopatsienta imeklient imenaklient imyakliyenta imjaklienta "
     "otchestvoklienta famyliyaklienta pobatkovi imyafio sobstvenoime bashtinoime imeifamiliya familno "
     "imeprezimefamiliya"},
    {kPersonName, kNameOnly | kAmbiguous, "The same; also of files and programs",
     "fio imya imia imja imiia otch"},
    {kPersonName, kNameOnly | kLoose, "Japanese in Latin letters (Hepburn, Kunrei)",
     "shimeikanji shimeikana kanjishimei kanashimei onamae furigana okyakusamamei kokyakumei kokyakushimei "
     "myoji myouji shimeisei shimeimei seimei seikanji meikanji seikana meikana namaekana namaekanji "
     "riyoushamei kainmei hogoshamei kanjashimei uketorinin okurinushi kaadomeigi meiginin"},
    {kPersonName, kNameOnly | kAmbiguous, "The same; also other words",
     "shimei"},
    {kNone, kBareName | kNameOnly, "The same: a name of anybody or anything",
     "namae"},
    {kPersonName, kNameOnly | kLoose, "Chinese in Latin letters (Pinyin)",
     "xingming kehuxingming yonghuxingming zhenshixingming lianxirenxingming shoujianren shouhuoren "
     "shoujianrenxingming shouhuorenxingming jijianren chikaren chikarenxingming lianxiren huzhuxingming "
     "yuangongxingming xueshengxingming huanzhexingming xingshi zhongwenming yingwenming kehumingzi "
     "shoukuanren fukuanren shoujianrenming"},
    {kNone, kBareName | kNameOnly, "The same: a name of anybody or anything",
     "xing ming mingzi"},
    {kPersonName, kNameOnly | kLoose, "Korean in Latin letters (Revised Romanization)",
     "seongmyeong seongham gogaekmyeong gogaekireum gogaegireum suchwiin suryeongin bonaeneunsaram "
     "badneunsaram kadeusoyuja yegeumju seongssi yeongmunireum hangeulireum seongmyung sungmyung irum "
     "hwanjamyeong jumunja jumunjamyeong"},
    {kPersonName, kNameOnly | kAmbiguous, "The same; also other words",
     "ireum"},
    {kPersonName, kNameOnly | kLoose, "Greek in Latin letters (ELOT 743, Greeklish)",
     "onomateponimo onomatepwnymo onomatepwnimo eponimo epwnymo epwnimo eponymopelati onomapelati onomapelath "
     "onomaxristi onomachristi onomapatros patronymo patronimo onomamitros mitronymo onomaastheni "
     "onomadikaiouchou onomakatochou katochoskartas onomaparalipti"},
    {kPersonName, kNameOnly | kLoose, "Hebrew in Latin letters",
     "shemprati shemmishpacha shemmishpaha shemmishpakha shemmale shemhalakoach shemlakoach shemhalekoach "
     "shembaalhakartis shemhamishtamesh shemmekabel shemkartis shemav shemem mishpaha mishpacha"},
    {kPersonName, kNameOnly | kLoose, "Arabic in Latin letters",
     "ismkamil alismalkamil alismkamil ismalaila ismalaela alismalawwal ismawwal ismalawwal ismalab ismalumm "
     "ismalamil ismalzaboon ismalzabon ismalmustakhdim ismalmareed ismalmustalim ismhamilalbitaqa alismalakhir "
     "ismakhir alkunya ismalshakhs ismjadd ismalameel ismaljadd ismwalid ismalmuwazzaf"},
    {kPersonName, kNameOnly | kAmbiguous, "The same; also other words",
     "alism alkunyah kunya"},
    {kPersonName, kNameOnly | kLoose, "Hindi, Urdu, Bengali, Marathi, Gujarati, Tamil, Telugu in Latin letters",
     "purananam puranaam pratamnaam prathamnaam pehlanaam pahlanaam antimnaam upnaam upanaam kulnaam "
     "khandaninaam grahakkanaam grahakanaam grahaknaam pitakanaam pitanaam matakanaam walidkanaam "
     "shauharkanaam patinaam dhaaraknaam graahaknaam purnanaam purnonam puronam grahokernam pitarnam matarnam "
     "aadnaav adnav purnanav pahilenaav grahakachenaav muzhupeyar muludpeyar vadikkaiyalarpeyar intiperu "
     "intiperupurti purtiperu purthiperu customerperu purunaam"},
    {kPersonName, kNameOnly | kLoose, "Persian, Pashto, Kurdish, Tajik in Latin letters",
     "namkhanevadegi namkhanvadegi namekhanevadegi namvanamkhanevadegi nameonamkhanevadegi namkamel namekamel "
     "nampedar namepedar nammoshtari namemoshtari namkarbari nameshakhs namedarandekart darandekart takhallos "
     "nasab nominasab nomunasab padaresh nomipadar nomipurra nomimizoj namegirande nameferestande"},
    {kPersonName, kNameOnly | kLoose, "Georgian, Armenian, Mongolian, Thai, Vietnamese, Kazakh in Latin letters",
     "saxeligvari sakheligvari srulisaxeli srulisakheli gvari momkhmareblissaxeli azganun anunazganun "
     "anunnazganun lrivanun hayranun ovogner butenner khereglegchiinner chuesakun chuelaesakun chuetem "
     "chuelukkha chueching namsakun namsagul chuelenkha nguoinhanten tenkhachhang hotenkhachhang tennguoinhan "
     "tennguoigui tenbenhnhan atyjoni atyzhoni tolykaty akesininaty esimi familiasy"},
    {kNone, kBareName | kNameOnly, "The same: a name of anybody or anything",
     "saxeli sakheli anun chue shem nam suti anarana igama igoa ingoa jeneng oruko sunan magaca nomo ady neve "
     "numele imena imeto emer nimed vardu navne nimet jinala ngalan esimder"},
    {kBirthDate, kNameOnly | kLoose, "Slavic languages, Greek, Hebrew, Arabic in Latin letters",
     "datarojdeniya datarozhdeniia denrozhdeniya denrojdeniya datarojd datanarodzhennya datanarodzhennia "
     "datumrojdenja datumrodzenja datarazhdane datanarazhdane dennarozhdennya imerominiagennhshs "
     "hmerominiagennhshs imniagennisis gennithike taarichleida taarichlida tarichleida tarichlida taariklida "
     "tarikhalmilad tarikhmilad tarikhalwilada tarikhwilada tarikhelmilad yawmalmilad tarikhalmeelad "
     "datanarojdeniya"},
    {kBirthDate, kNameOnly | kLoose, "Japanese, Chinese, Korean, Indian, Iranian and other languages in Latin letters",
     "seinengappi umaretahi tanjobi tanjoubi seinengapi shengri chushengriqi chushengnianyue chushengnianyueri "
     "saengnyeonworil saengil saengnyunwolil chulsaengil saengnyeonwolil janmtithi janmatithi janmtarikh "
     "janamtithi janamtarikh janmdin janmadinank janmatarikh jonmotarikh janmotarikh jonmotithi "
     "tarikheepaidaish tarikhepaidaish tareekhpaidaish tarikhtavallod tarikhetavallod tarikhtavalod "
     "sanaitavallud ruzitavallud dabadebistarighi dabadebistarigi tsnndyanamsativ tsnndyanor tursunognoo "
     "tursonognoo wankoet wanduankoet wanduenpeekoet ngaysinhkhachhang pirandhathethi piranthatheti "
     "puttinatedi puttinateedi tuganyli tugankuni tuwgankuni duniyemtarikh tughilgansanasi"},
    {kPhone, kNameOnly | kLoose, "Slavic languages, Greek, Hebrew, Arabic in Latin letters",
     "telefonnyinomer telefonnyynomer telefonnyjnomer mobilnyinomer mobilnyynomer mobilnyitelefon "
     "mobilnyjtelefon mobilniytelefon mobilnyj sotovyi sotovyy sotovyytelefon kontaktnyitelefon "
     "kontaktnyytelefon nomermobilnogo nomersotovogo nomertel teltelefon telefonklienta telefonennomer "
     "mobilentelefon tilephono thlefwno tilefwno kinhto arithmostilephonou arithmoskinitou arithmoskinhtou "
     "tilefonokinito stathero statherotilefono mispartelefon mispartel telefonnayad nayad misparnayad pelefon "
     "raqmalhatif raqmhatif raqamalhatif raqamhatif raqmtelefon raqmaljawwal raqmjawwal raqmaljawal raqmjawal "
     "raqmalmobile raqmmobile raqmmobayl hatif alhatif jawwal aljawwal jawal aljawal mobayl raqmaltelefon"},
    {kPhone, kNameOnly | kLoose, "Japanese, Chinese, Korean, Indian, Iranian and other languages in Latin letters",
     "denwa denwabangou denwabango denwabangoo odenwabangou keitai keitaidenwa keitaibangou keitaibango "
     "keitaidenwabangou renrakusaki shoujihao shoujihaoma shouji dianhua dianhuahaoma lianxidianhua "
     "lianxifangshi shoujihaoshouji gudingdianhua shoujianrendianhua jeonhwa jeonhwabeonho hyudaepon "
     "hyudaejeonhwa hyudaeponbeonho hyudaejeonhwabeonho yeollakcheo handeupon jeonhwabunho doorbhash durbhash "
     "durbhashnumber mobailnumber mobailnambar mobainambar phonenambar phonnambar mobailnombor phonnombor "
     "mobilnombor shomaretelefon shomaretel shomaretelefone shomaremobile shomaremobayl shomaretamas "
     "shomarehamrah telefonehamrah telefonhamrah shomarehtamas shomarehtelefon shomarehmobile hamrah "
     "raqamitelefon raqamimobili telefonisnomeri mobilurisnomeri mobiluri heraxosahamar herakhosahamar heraxos "
     "herakhos utasnydugaar utas garutas thorasap berthorasap bertho mueathue bermueathue tholaphaiekthe "
     "tolaipesien tolaipesienn phonnambaru"},
    {kAddress, kNameOnly | kLoose, "Slavic languages, Greek, Hebrew, Arabic in Latin letters",
     "adresprozhivaniya adresprozhivaniia adresregistratsii adresregistracii adresdostavki adresklienta "
     "adresprojivaniya adresmestazhitelstva mestozhitelstva mestoprozhivaniya mestorozhdeniya mestorojdeniya "
     "mestonarodzhennya nomerdoma nomerkvartiry kvnomer domnomer ulitsadom ulicadom naselennyipunkt "
     "naselennyypunkt pochtovyyindeks pochtovyiindeks pochtovyjindeks poshtovyiindeks poshtovyyindeks "
     "poshtovijindeks poshtenskikod vulytsya vulytsia nomerbudynku nomerbudinku nomerkvartyry dieuthynsi "
     "diefthinsi dieythynsh diefthynsikatoikias dieuthynsikatoikias odoskaiarithmos odosarithmos "
     "tachydromikoskodikas taxydromikoskwdikas taxidromikoskodikas topogennisis toposgennisis toposgennhshs "
     "ktovet ktovetmelea rechov rehov misparbait misparbayit misparbinyan mispardira mikud mikudbeit alunwan "
     "aleunwan unwanalsakan unwanalbait alshari alshareh ismalshari ramzbaridi alramzalbaridi ramzalbarid "
     "makanalmilad makanmilad raqmalmanzil raqmalbinaya raqmalshaqqa aladdress alhayy alramzbaridi sunduqbarid"},
    {kNone, kPlace | kNameOnly, "The same: also of anything",
     "ulitsa shari shareh hayy gorod misto madina almadina raion oblast dimos nomos shchuna shekhuna nafa"},
    {kAddress, kNameOnly | kAmbiguous, "The same; also other words",
     "unwan onvan"},
    {kAddress, kNameOnly | kLoose, "Japanese, Chinese, Korean, Indian, Iranian and other languages in Latin letters",
     "jusho juusho jyusho genjusho genjuusho jusho1 jusho2 juusho1 juusho2 yuubinbangou yubinbangou "
     "yuubinbango tatemonomei heyabango heyabangou shikuchoson shikuchouson machimei chomei choumei todoufuken "
     "jitakujusho hausojusho haisousaki shusshinchi dizhi zhuzhi jiatingzhuzhi jiatingdizhi lianxidizhi "
     "shouhuodizhi xiangxidizhi tongxundizhi tongxindizhi hujidizhi jiedao menpaihao youbian youzhengbianma "
     "youbianhaoma youzhengma chushengdi juzhudi juso doromyeong sangsejuso namejijuso upyeonbeonho "
     "upyeonbunho baesongji baesongjijuso geojuji jibeon jibeonjuso chulsaengji jipjuso gharkapata gharpata "
     "sthayipata asthayipata daakkod dakkod makansankhya makannumber makannambar galinumber mohalla gharnumber "
     "janmsthan janmasthan thikana sthayeethikana bortomanthikana postkoddaak mukavari mugavari chirunama "
     "cirunama neshani adresmanzel adressokonat neshanimanzel kodeposti kodposti shomarepelak pelakmanzel "
     "mahalletavallod makantavallod khiaban khiyaban koocheh thiyu thiyupaccuban thiyutamthabian banlekthi "
     "lekthiban rahatpraisani thanon tambon amphoe soithanon misamarti safostoindeksi qucha qalaqi hasce "
     "hascen postindeks poghoc pokhots tanhamar khayag gertinkhayag gudamj bairniinkhayag shuudangiinkod "
     "tinhthanhpho"},
    {kNone, kPlace | kNameOnly, "The same: also of anything",
     "shi ken machi shikuchosonmei chengshi shengfen quxian dosi sido sigungu zila jila gaon nagar shahr ostan "
     "changwat kaghak aimag duureg"},
    {kAddress, kNameOnly | kAmbiguous, "Hindi, Persian, Armenian in Latin letters; also other words",
     "pata neshan hasc"},
    {kEmail, kNameOnly | kLoose, "Languages in Latin letters that have another script",
     "elektronnayapochta elektronnaiapochta elektronnapochta elektronnaposhta elektronenadres "
     "elektronnaposhtaadres pochtaklienta elpochta eposhta imeyl imeyladres imejladres imeil imeiljuso meeru "
     "meeruadoresu meruadoresu denshimeeru youxiang youxiangdizhi dianziyouxiang dianziyoujian "
     "dianziyoujiandizhi youjiandizhi ilektronikotachydromeio hlektronikotaxydromeio doarelektroni "
     "doaralektroni ktovetmail ktovetdoal doal doel albaridalelektroni baridelektroni albaridalelectroni "
     "baridalelectroni baridelectroni alemail posteelektroniki pasteelektroniki raayaname rayaname elposta "
     "elpost elhasce imeylhayag thiemel imel eimel thuedientu"},
    {kEmail, kNameOnly | kAmbiguous, "The same; also the post",
     "pochta poshta"},
    {kPan, kNameOnly | kLoose, "Languages in Latin letters that have another script",
     "nomerkartki nomerkarti nomernakarta nomerbankovskoikarty nomerbankovskoykarty nomerkreditnoikarty "
     "brojnakarticka kaadobangou kadobango kadobangou kaadobango kurejittokaadobangou kahao xinyongkahao "
     "yinhangkahao xinyongkahaoma yinhangka yinhangkahaoma kadeubeonho sinyongkadeubeonho arithmospistotikis "
     "misparkartis misparkartisashrai raqmalbitaqa raqmbitaqa raqmbitaqaalitiman cardsankhya kardsankhya "
     "kaardnumber kardnambar kardnombor shomarekart shomarehkart kartishomare baratisnomeri kartihamar "
     "qartihamar kartyndugaar maylekbat maylekbatkhredit"},
    {kNationalId, kNameOnly | kLoose, "Languages in Latin letters that have another script",
     "zhengjianhao zhengjianhaoma jumindeungrokbeonho mainanba teudatzehuth zehut raqmalhawiya raqmhawiya "
     "raqamalhawiya raqmalqawmi alraqmalqawmi raqmwatani alraqmalwatani raqmiqama raqmaliqama shomaremelli "
     "codmelli shomareshenasname shomarehmelli aadhaarsankhya aadharsankhya pehchansankhya shanakhtikardnumber "
     "cnicnumber arithmostaftotitas tautotita taftotita arithmosmitroou piradinomeri piradobisnomeri "
     "registeriindugaar registriindugaar lekprachamtua maylekprachamtua batprachachon nomerinn innnomer "
     "nomersnils egnnomer"},
    {kPassport, kNameOnly | kLoose, "Languages in Latin letters that have another script",
     "nomerpasporta seriyapasporta seriyainomerpasporta pasportnomer nomerpasportu seriyapasportu "
     "pasportnydannye pasportnyedannye ryokenbangou ryokenbango pasupotobangou huzhaohao huzhaohaoma "
     "yeogwonbeonho arithmosdiavatiriou mispardarkon raqmjawazalsafar raqmaljawaz raqmjawazsafar jawazsafar "
     "shomarepasport shomaregozarname gozarname pasportisnomeri pasportindugaar gadaadpasport "
     "lekhnangsuedoenthang"},
    {kNone, kBlock | kThing, "Names of files and the like in Russian in Latin letters",
     "imyafayla imyafaila imiafaila imjafajla imyatovara imyaprodukta imyahosta imyaservera imyatablitsy "
     "imyadomena imyapapki imyaprogrammy imyamodulya imyapolya imyaklassa imyapaketa"},
    {kNone, kPerson | kNameOnly,
     "Whose, in the genitive or with an article: Turkic, Finnic languages, Hungarian, Basque",
     "musterinin kullanicinin calisanin hastanin personelin uyenin alicinin gondericinin ogrencinin sahibinin "
     "yolcunun musteriler musderi musderinin istifadecinin kayttajan potilaan tyontekijan henkilon "
     "vastaanottajan lahettajan omistajan jasenen tilaajan maksajan opiskelijan matkustajan kortinhaltijan "
     "kliendi patsiendi isiku omaniku liikme tellija opilase kaardiomaniku ugyfele vasarloe felado szemely "
     "birtokos bezeroaren bezero erabiltzailearen erabiltzaile pazientearen langilearen mijozning "
     "foydalanuvchining bemorning xodimning"},
    {kNone, kPerson | kNameOnly, "The same: Slavic languages",
     "pacjenta uzytkownika pracownika odbiorcy nadawcy osoby wlasciciela posiadacza czlonka ucznia kupujacego "
     "zamawiajacego platnika ubezpieczonego pasazera zakaznika klientky uzivatele zamestnance odesilatele "
     "majitele drzitele clena zaka kupujiciho pojistence cestujiciho pouzivatela zamestnanca prijemcu "
     "odosielatela majitela drzitela ziaka stranke kupca uporabnika bolnika zaposlenega prejemnika "
     "posiljatelja osebe lastnika imetnika clana ucenca klijenta korisnika pacijenta zaposlenog zaposlenika "
     "primatelja primaoca posiljaoca osobe vlasnika nositelja ucenika putnika pokupatelya polzovatelya "
     "sotrudnika patsienta poluchatelya otpravitelya zakazchika vladeltsa derzhatelya abonenta platelshchika "
     "passazhira rabotnika uchenika pokupatel polzovatel poluchatel otpravitel sotrudnik zakazchik"},
    {kNone, kPerson | kNameOnly, "The same: Slavic languages in Cyrillic",
     "клиента покупателя пользователя сотрудника пациента получателя отправителя заказчика владельца держателя "
     "абонента плательщика пассажира работника ученика студента лица клієнта покупця користувача працівника "
     "пацієнта одержувача отримувача відправника замовника власника платника пасажира кліента пакупніка "
     "карыстальніка купца клијента корисника пацијента запосленог примаоца пошиљаоца клиентот купувачот "
     "корисникот купувача потребителя служителя подателя собственика клиентке клієнтки кардар кардардын "
     "клиенттин клиенттиң тұтынушының қызметкердің науқастың мизоҷ мижоз мижознинг харидор клиентнең "
     "хэрэглэгчийн үйлчлүүлэгчийн"},
    {kNone, kPerson | kNameOnly, "The same: Baltic languages, Romanian, Greek, Albanian, Germanic languages",
     "kliento pirkejo paciento vartotojo darbuotojo gavejo siuntejo asmens savininko turetojo nario mokinio "
     "keleivio moketojo pirceja lietotaja darbinieka sanemeja sutitaja ipasnieka turetaja biedra skolena "
     "pasaziera maksataja clientului pacientului utilizatorului angajatului destinatarului expeditorului "
     "persoanei proprietarului titularului membrului elevului studentului pasagerului platitorului "
     "cumparatorului beneficiarului πελατη χρηστη ασθενη εργαζομενου υπαλληλου παραληπτη αποστολεα κατοχου "
     "ιδιοκτητη μελουσ επιβατη μαθητη pelati xristi christi astheni klientit perdoruesit pacientit punonjesit "
     "marresit derguesit personit pronarit mbajtesit anetarit nxenesit bleresit pasagjerit klientin kundens "
     "patientens brukarens anvandarens medarbetarens agarens mottagarens avsandarens pasientens brukerens "
     "mottakerens avsenderens eierens brugerens modtagerens afsenderens ejerens kunden patienten benutzers "
     "nutzers mitarbeiters empfangers absenders inhabers versicherten schulers kaufers gastes kundans "
     "vidskiptavinar sjuklings starfsmanns notanda vidtakanda sendanda"},
    {kNone, kPerson | kNameOnly, "The same: other languages",
     "macmiilka macmiil bukaanka isticmaalaha abokinciniki onibaara onyeahia onyeoru lekhasimende khasimende "
     "ikhasimende lomthengi umthengi isiguli lesiguli mpanjifa kiritaki turoro kliyan kliant custaimeara "
     "chustaimeara othair neachceannach arval klienten penghantar kostumer kundek mosteri misteri xeridar "
     "ಗ್ರಾಹಕರ ಗ್ರಾಹಕ ഉപഭോക്താവിന്റെ ഉപഭോക്താവ് ഉപഭോക്തൃ خېرىدار پیرودونکي پیرودونکی ناروغ دپیرودونکي"},
    {kPersonName, kNameOnly, "African, Turkic, Iranian, Celtic, Dravidian, Oceanic and other languages: first names",
     "ಮೊದಲಹೆಸರು ആദ്യപേര് jenengngarep magacakoowaad sunanfarko orukoakoko ahambu igamalokuqala ciadainm "
     "premyenon ingoatuatahi igoamuamua"},
    {kPersonName, kNameOnly, "African, Turkic, Iranian, Celtic, Dravidian, Oceanic and other languages: family names",
     "ಕೊನೆಯಹೆಸರು അവസാനപേര് jenengmburi magacadambe sunanmahaifi orukoidile ahanna isibongo ifani sloinneadh "
     "anvfamilh nomdostal familianomo siyati ayllusuti fanampinanarana ingoawhanau igoamulimuli فامىلىسى насаб "
     "familiyasy تخلص pasnav eftirnavn"},
    {kPersonName, kNameOnly | kLoose,
     "African, Turkic, Iranian, Celtic, Dravidian, Oceanic and other languages: full names",
     "ಪೂರ್ಣಹೆಸರು മുഴുവൻപേര് jenenglengkap magacabuuxa cikakkensuna orukonikikun ahazuruezu igamaeligcwele "
     "igamaelipheleleyo vollenaam ainmslan anvklok plenanomo nonkonple huntasuti anaranafeno ingoakatoa "
     "igoaatoa тулыисем تولۇقيىسمى номипурра dolyady толукаты بشپړنوم navetevahi fultnavn"},
    {kBirthDate, kNameOnly | kLoose,
     "African, Turkic, Iranian, Celtic, Dravidian, Oceanic and other languages: dates of birth",
     "ಜನ್ಮದಿನಾಂಕ ജനനതീയതി tanggallair taariikhdadhalashada ranarhaihuwa ojoibi ubochiomumu usukulokuzalwa "
     "umhlawokuzalwa ceannlathabreith deiziadganedigezh datadenaissenca naskigdato datnesans paqarisqapunchaw "
     "datynahaterahana rawhanau asofanau туганкөне تۇغۇلغانۋاقتى санаитаваллуд doglanguni туулганкүнү "
     "دزیږیدونیټه rojajidayikbune fodingardagur"},
    {kNone, kPlace | kNameOnly, "African, Turkic, Iranian, Celtic, Dravidian, Oceanic and other languages: streets",
     "ಬೀದಿ തെരുവ് dalan wadada titi opopona okporoama umgwaqo isitrato straed carriera strato kiklu arabe "
     "tiriti auala урам كوچا кӯча koce көчө کوڅه kolan gota"},
    {kAddress, kNameOnly | kLoose,
     "African, Turkic, Iranian, Celtic, Dravidian, Oceanic and other languages: house numbers",
     "ಮನೆಸಂಖ್ಯೆ വീട്ടുനമ്പർ nomeromah lambarkaguriga lambargida nombaile nombaulo inomboloyendlu huisnommer "
     "aireamhtaighe niverennanti numerodostal domnumero nimewokay wasiyupay laharannytrano tauwhare "
     "numeraolefale йортномеры يۆينومۇرى рақамихона oybelgisi үйномери دکورشمېره hejmaramale husnummar"},
    {kNone, kPlace | kNameOnly, "African, Turkic, Iranian, Celtic, Dravidian, Oceanic and other languages: towns",
     "ನಗರ നഗരം kutha magaalada birni ilu obodo idolobha isixeko baile vila urbo vil llaqta tanana taone "
     "taulaga шәһәр شەھەر шаҳр saher шаар ښار bajar byur"},
    {kAddress, kNameOnly | kLoose,
     "African, Turkic, Iranian, Celtic, Dravidian, Oceanic and other languages: postal codes",
     "ಪಿನ್ಕೋಡ್ പിൻകോഡ് koodkaboostada lambargidanwaya kooduifiweranse koodunzipuozi ikhodiyeposi "
     "ikhowudiyeposi poskode codpuist kodpost postkodo kodpostal chaskiyupay kaodypaositra waeherepoutapeta "
     "tulafonomeli почтаиндексы پوچتانومۇرى индексипочта poctaindeksi почтаиндекси پوستيکوډ kodaposte "
     "postnummar"},
    {kPhone, kNameOnly | kLoose,
     "African, Turkic, Iranian, Celtic, Dravidian, Oceanic and other languages: telephone numbers",
     "ಫೋನ್ಸಂಖ್ಯೆ ഫോൺനമ്പർ nomertelpon lambarkatelefoonka lambarwaya nombafoonu nombaekwenti inomboloyocingo "
     "inomboloyefowuni telefoonnommer aireamhfon niverennpellgomz numerodetelefon telefonnumero nimewotelefon "
     "karunyarimayyupay laharanafinday tauwaea numeratelefoni телефонномеры تېلېفوننومۇرى рақамителефон "
     "telefonbelgisi телефонномери دتلیفونشمېره hejmaratelefone telefonnummar"},
    {kEmail, kNameOnly | kLoose,
     "African, Turkic, Iranian, Celtic, Dravidian, Oceanic and other languages: mail addresses",
     "ಇಮೇಲ್ ഇമെയിൽ alamatemail iimayl imeeli ozie iimeyili iimeyile eposadres postd chomlechpostel "
     "retpostadreso adresimel echaski mailaka imera imeli электронпочта يېلخەت почтаиэлектронӣ elektronpocta "
     "электрондукпочта برېښنالیک ename teldupostur"},
    {kPan, kNameOnly | kLoose, "African, Turkic, Iranian, Celtic, Dravidian, Oceanic and other languages: card numbers",
     "ಕಾರ್ಡ್ಸಂಖ್ಯೆ കാർഡ്നമ്പർ nomerkertu lambarkakaarka lambarkati nombakaadi inomboloyekhadi kaartnommer "
     "aireamhcairt niverennkartenn numerodecarta kartnumero nimewokat tarjetayupay laharannykaratra taukari "
     "numerakata картаномеры كارتانومۇرى рақамикорт kartbelgisi картаномери دکارتشمېره hejmarakarte kortnummar"},
    {kPersonName, kNameOnly | kLoose,
     "African, Turkic, Iranian, Celtic, Dravidian, Oceanic and other languages: customers' names",
     "ಗ್ರಾಹಕರಹೆಸರು ഉപഭോക്താവിന്റെപേര് jenengpelanggan magacamacmiilka sunanabokinciniki orukoonibaara "
     "ahaonyeahia igamalekhasimende igamalomthengi klientnaam ainmanneachceannach anvanarval nomdelclient "
     "nomodekliento nonkliyan rantiqsutin anarannympanjifa ingoakiritaki igoaoletagata клиентисеме "
     "خېرىداريىسمى номимизоҷ musderininady кардардынаты دپیرودونکينوم navemisteri kundanavn"},
    {kNone, kBareName | kNameOnly, "The same: a name of anybody or anything",
     "ном исем يىسمى نوم ады അമ്മ പേര് ಹೆಸರು اسمي"},
    {kAddress, kNameOnly | kLoose,
     "Germanic, Romance, Slavic, Baltic, Finnic, Turkic, Semitic, Indian and other languages: places of birth",
     "localdenascimento fodested fodelseort syntymapaikka sunnikoht dzimsanasvieta gimimovieta miestonarodenia "
     "krajrojstva mjestorodenja месторођења мястонараждане місценародження loculnasterii τοποσγεννησησ "
     "vendlindja туғанжері tugilganjoyi מקוםלידה مكانالولادة محلتولد جايےپیدايش जन्मस्थान জন্মস্থান பிறந்தஇடம் "
     "పుట్టినస్థలం สถานที่เกิด lugarngkapanganakan დაბადებისადგილი ծննդավայր mahalipakuzaliwa የትውልድቦታ "
     "faedingarstadur llocdenaixement jaioterria aitbhreithe mangeni posttattwelid geboorteplek fodeby fodeort "
     "fodelsestad fodelselandort geboortestad geburtsstadt villedenaissance villenaissance communedenaissance "
     "ciudaddenacimiento ciudadnacimiento municipiodenacimiento cittadinascita comunedinascita comunenascita "
     "cidadedenascimento cidadenascimento miastourodzenia mestonarozeni obecnarozeni mestonarodenia "
     "mestorodenja gradrodenja krajrodenja dzimsanaspilseta sunnilinn sunniriikkoht syntymakunta "
     "syntymakaupunki szuletesivaros orasulnasterii localitateanasterii qytetiilindjes dogumili dogumilcesi "
     "dogumsehri kotalahir bandarlahir quequan nguyenquan местоживања градрођења градрождения городрождения "
     "містонародження городроджения"},
    {kAddress, kNameOnly | kLoose, "Chinese, Japanese, Korean: places of birth, flats, lines of an address",
     "出生地 出身地 本籍地 籍贯 籍貫 户口所在地 戶籍地 住民票住所 住所全体 地址行 地址1 地址2 房间号 房號 门牌 单元号 楼层房号 호수 본적 등록주소 배송지주소 나머지주소"},
    {kPersonName, kNameOnly | kLoose, "Chinese, Japanese, Korean, Albanian: whose name, in one",
     "患者名 社員名 送り主名 所有者名 担当者名 母の名前 父の名前 保護者名 母亲姓名 父亲姓名 寄件人姓名 业主姓名 환자명 직원명 직원이름 수령인명 발송인명 소유자명 담당자명 보호자명 "
     "emriiklientit emriiperdoruesit emriibleresit emriianetarit"},
    {kAddress, kNameOnly | kLoose,
     "Germanic, Romance, Slavic, Baltic, Finnic, Turkic, Semitic, Indian and other languages: flats",
     "wohnungsnummer numerodappartement numerodeapartamento numerointerno numerodoapartamento "
     "appartementnummer lejlighedsnummer lagenhetsnummer leilighetsnummer asunnonnumero stevilkastanovanja "
     "номернаапартамент numarapartament lakasszam αριθμοσδιαμερισματοσ numriiapartamentit menzilnomresi "
     "xonadonraqami شمارهواحد اپارٹمنٹنمبر ফ্ল্যাটনম্বর அடுக்குமாடிஎண் ఫ్లాట్నంబర్ เลขที่ห้อง nomorapartemen "
     "nomborunit numerongapartment բնակարանիհամար nambariyaghorofa የአፓርታማቁጥር ibudarnumer numerodepis "
     "etxebizitzazenbakia uimhirarasain rhifyfflat numrutalappartament woonstelnommer brstana nrapartament "
     "nrapto numeroapto numerodepto numerodepartamento numerodepiso numeropiso puertanumero numerodepuerta "
     "numeropuerta ickapino diskapino appartementnr appnr wohnungsnr lagenhetsnr leilighetsnr lejlighedsnr "
     "asuntonumero huoneistonumero porrasjahuoneisto korterinr dzivoklanr butonr nomorunit nounit nomorapt "
     "nokamar номерпомещения номерофиса квартираномер"},
    {kAddress, kNameOnly | kLoose,
     "Germanic, Romance, Slavic, Baltic, Finnic, Turkic, Semitic, Indian and other languages: whole addresses",
     "vollstandigeadresse volledigadres fuldadresse fullstandigadress fulladresse kokoosoite taielikaadress "
     "pilnaadrese pilnasadresas pelnyadres uplnaadresa polninaslov punaadresa пунаадреса пъленадрес "
     "полныйадрес повнаадреса adresacompleta teljescim πληρησδιευθυνση adresaeplote tamadres tamunvan "
     "толықмекенжай toliqmanzil כתובתמלאה العنوانالكامل ادرسکامل مکملپتہ पूरापता সম্পূর্ণঠিকানা முழுமுகவரி "
     "పూర్తిచిరునామా ที่อยู่เต็ม diachidaydu alamatpenuh buongtirahan სრულიმისამართი ամբողջականհասցե "
     "anwanikamili ሙሉአድራሻ fulltheimilisfang adrecacompleta helbideosoa seoladhiomlan cyfeiriadllawn "
     "indirizzshih volledigeadres"},
    {kAddress, kNameOnly | kLoose,
     "Germanic, Romance, Slavic, Baltic, Finnic, Turkic, Semitic, Indian and other languages: where to deliver",
     "lieferanschrift indirizzodiconsegna leveringsadresse toimitusosoite tarneaadress piegadesadrese "
     "dorucovaciadresa dorucovaciaadresa naslovdostave адресазадоставу adresaedorezimit ادرستحویل ترسیلکاپتہ "
     "डिलीवरीपता ডেলিভারিঠিকানা டெலிவரிமுகவரி డెలివరీచిరునామా tirahanngpaghahatid 配送先住所 anwaniyauwasilishaji "
     "የማድረሻአድራሻ afhendingarstadur adrecadelliurament bidalketahelbidea seoladhseachadta cyfeiriaddosbarthu "
     "indirizztalkunsinna afleweringsadres"},
    {kAddress, kNameOnly | kLoose,
     "Germanic, Romance, Slavic, Baltic, Finnic, Turkic, Semitic, Indian and other languages: lines of an address",
     "lignedadresse lineadedireccion rigaindirizzo linhadeendereco vrsticanaslova redakadrese редадресе "
     "адресенред строкаадреса рядокадреси linieadresa γραμμηδιευθυνσησ rreshtiiadreses unvansetri мекенжайжолы "
     "manzilqatori שורתכתובת سطرالعنوان خطادرس پتہلاين पतापंक्ति ঠিকানালাইন முகவரிவரி చిరునామాపంక్తి "
     "บรรทัดที่อยู่ linyangtirahan მისამართისხაზი հասցեիտող mstariwaanwani የአድራሻመስመር heimilisfangslina "
     "liniadadreca helbidelerroa lineseolta llinellcyfeiriad linjatalindirizz adreslyn"},
    {kAddress, kNameOnly | kLoose,
     "Many languages: where somebody is registered",
     "adressederesidence bopaelsadresse bostedsadresse vakituinenosoite registracijosadresas trvalaadresa "
     "stalninaslov постояненадрес adresaderesedinta allandolakcim διευθυνσηδιαμονησ тіркелгенмекенжайы "
     "royxatdanotganmanzil स्थायीपता alamattetap permanentengtirahan რეგისტრაციისმისამართი seoladhconaithe "
     "cyfeiriadpreswyl indirizzresidenzjali"},
    {kAddress, kNameOnly | kLoose,
     "Germanic, Romance, Slavic, Baltic, Finnic, Turkic, Semitic, Indian and other languages: house numbers",
     "cdomu кућнибр nrcasa αρσπιτιου nrishtepise رقمالبناية شمارهساختمان गृहसंख्या շենքիհամար atarizenbakia "
     "ajtoszam hazszamajto nrcasei numarulcasei nrscara nrbudynku cisloorientacne kucnibr talonro номердому "
     "номерстроения корпусистроение"},
    {kNone, kPlace | kNameOnly,
     "Many languages: buildings and districts, also of anything",
     "gebaude batiment edificio palazzo gebouw bygning byggnad rakennus hoone pastatas budynek budova stavba "
     "zgrada зграда сграда строение будівля cladire epulet κτιριο ndertesa binaadi ғимарат בניין المبنى "
     "ساختمان عمارت கட்டிடம் อาคาร toanha gedung bangunan gusali შენობა jengo bygging edifici eraikina "
     "foirgneamh adeilad gebou cetrt cartier lagjja मोहल्ला মহল্লা უბანი թաղամաս barri auzoa ceantar ardal "
     "woonbuurt bloque manzana piso escalera urbanizacion fraccionamiento barriada corregimiento alcaldia "
     "parroquia conjuntohabitacional condominio palazzina rione contrada etage escalier lotissement verdieping "
     "etasje oppgang osiedle pietro klatka vchod poschodie poschodi obcinanaselje sprat ulaz emelet lepcsohaz "
     "koinotita synoikia mahallesi ilcesi apartmanadi sitio munisipalidad подъезд корпус микрорайон поселок "
     "деревня село станица муниципалитет подїзд поверх селище областьрайон засеок житнаселба входблок махала "
     "аул жилоймассив"},
    {kPersonName, kNameOnly | kLoose, "Whose name, in one: relatives, patients, employees, who receives and sends",
     "nomdupatient nombredelpaciente nomedelpaziente nomedopaciente naampatient patientensnavn patientensnamn "
     "pasientensnavn potilaannimi patsiendinimi pacientavards pacientovardas imiepacjenta jmenopacienta "
     "menopacienta imepacienta imepacijenta имепацијента именапациент имяпациента імяпацієнта "
     "numelepacientului betegneve ονομαασθενη emriipacientit hastaninadi xesteninadi науқастыңаты bemorismi "
     "שםהמטופל اسمالمريض نامبیمار مریضکانام मरीज़कानाम রোগীরনাম நோயாளிபெயர் రోగిపేరు namapasien namapesakit "
     "pangalanngpasyente პაციენტისსახელი հիվանդիանուն jinalamgonjwa የታካሚስም nafnsjuklings nomdelpacient "
     "pazientearenizena ainmanothair enwrclaf isemilpazjent pasientsenaam nomdelemploye nombredelempleado "
     "nomedeldipendente nomedofuncionario naammedewerker medarbejderensnavn medarbetarensnamn ansattesnavn "
     "tyontekijannimi tootajanimi darbiniekavards darbuotojovardas nazwiskopracownika jmenozamestnance "
     "menozamestnanca imezaposlenega imezaposlenika имезапосленог именаслужител имясотрудника імяпрацівника "
     "numeleangajatului dolgozoneve ονομαυπαλληλου emriipunonjesit calisaninadi iscininadi қызметкердіңаты "
     "xodimismi שםהעובד اسمالموظف نامکارمند ملازمکانام कर्मचारीकानाम কর্মচারীরনাম ஊழியர்பெயர் ఉద్యోగిపేరు "
     "tennhanvien namakaryawan namapekerja pangalanngempleyado თანამშრომლისსახელი աշխատակցիանուն "
     "jinalamfanyakazi የሰራተኛስም nafnstarfsmanns nomdelempleat langilearenizena ainmanfhostai enwrgweithiwr "
     "isemlimpjegat werknemersenaam namedesempfangers nomdudestinataire nombredeldestinatario "
     "nomedeldestinatario nomedodestinatario naamontvanger modtagerensnavn mottagarensnamn mottakerensnavn "
     "vastaanottajannimi saajanimi sanemejavards gavejovardas nazwaodbiorcy jmenoprijemce menoprijemcu "
     "imeprejemnika imeprimatelja имепримаоца именаполучател имяполучателя імяотримувача numeledestinatarului "
     "cimzettneve ονομαπαραληπτη emriimarresit alicininadi алушыныңаты oluvchiismi שםהנמען اسمالمستلم "
     "نامگیرنده وصولکنندہکانام प्राप्तकर्ताकानाम প্রাপকেরনাম பெறுநர்பெயர் గ్రహీతపేరు namapenerima "
     "pangalanngtatanggap მიმღებისსახელი ստացողիանուն jinalampokeaji የተቀባይስም nafnvidtakanda nomdeldestinatari "
     "hartzailearenizena ainmanfhaighteora enwrderbynnydd isemirricevitur ontvangersenaam namedesabsenders "
     "nomdelexpediteur nombredelremitente nomedelmittente nomedoremetente naamafzender afsenderensnavn "
     "avsandarensnamn avsenderensnavn lahettajannimi saatjanimi sutitajavards siuntejovardas imienadawcy "
     "jmenoodesilatele menoodosielatela imeposiljatelja имепошиљаоца именаподател имяотправителя "
     "імявідправника numeleexpeditorului feladoneve ονομααποστολεα emriiderguesit gondericininadi "
     "gondereninadi жіберушініңаты yuboruvchiismi שםהשולח اسمالمرسل نامفرستنده بھیجنےوالےکانام प्रेषककानाम "
     "প্রেরকেরনাম அனுப்புநர்பெயர் పంపినవారిపేరు namapengirim namapenghantar pangalanngnagpadala "
     "გამგზავნისსახელი ուղարկողիանուն jinalamtumaji የላኪስም nafnsendanda nomdelremitent bidaltzailearenizena "
     "ainmantseoltora enwranfonwr isemminjibghat sendersenaam namedermutter nomdelamere nombredelamadre "
     "nomedellamadre naammoeder morsnavn modernsnamn aidinnimi emanimi matesvards motinosvardas imiematki "
     "jmenomatky menomatky imematere imemajke имемајке именамайката имяматери імяматері numelemamei "
     "ονομαμητερασ emriinenes anneadi anaadi анасыныңаты onasiningismi שםהאם اسمالام ناممادر tenme namaibu "
     "pangalanngina დედისსახელი մորանունը jinalamama የእናትስም nafnmodur nomdelamare amarenizena ainmnamathar "
     "enwrfam isemlomm moedersenaam namedeseigentumers nomduproprietaire nombredelpropietario "
     "nomedelproprietario nomedoproprietario naameigenaar ejerensnavn agarensnamn eierensnavn omistajannimi "
     "omanikunimi ipasniekavards savininkovardas imiewlasciciela jmenomajitele menomajitela imelastnika "
     "imevlasnika имевласника именасобственик имявладельца імявласника numeleproprietarului tulajdonosneve "
     "ονομαιδιοκτητη emriipronarit sahibininadi иесініңаты egasiningismi שםהבעלים اسمالمالك ناممالک مالککانام "
     "मालिककानाम মালিকেরনাম உரிமையாளர்பெயர் యజమానిపేరు tenchusohuu namapemilik pangalanngmayari "
     "მფლობელისსახელი սեփականատիրոջանուն jinalammiliki የባለቤትስም nafneiganda nomdelpropietari jabearenizena "
     "ainmanuineara enwrperchennog isemissid eienaarsenaam annead annesoyadi annekizliksoyadi isannimi "
     "farsnavn fadernsnamn tevovardas imieojca jmenootce menootca imeoceta numeletatalui prenumelemamei "
     "prenumeletatalui anyaneve apjaneve apaneve vevoneve vevonev tencha hotenme hotencha nomdelpare "
     "aitarenizena имематери имяотца імябатька именабащата nafnfodur nazwiskopanienskiematki"},
    {kNone, kPerson | kNameOnly, "Whom to call, in one",
     "skubiospagalboskontaktas kontaktvsili kontaktzahitneslucajeve контактзахитнеслучајеве контактприспешност "
     "veszhelyzetikapcsolat kontaktiiurgjences шұғылбайланыс favquloddaaloqa அவசரதொடர்பு అత్యవసరసంప్రదింపు "
     "kontaksaemerhensiya 緊急連絡先氏名 비상연락처이름 საგანგებოკონტაქტი արտակարգկոնտակտ mawasilianoyadharura የአደጋጊዜተጠሪ "
     "larrialdietarakokontaktua teagmhaileigeandala cyswlltbrys kuntatttaemergenza noodkontak kontaktnaosoba "
     "elaqedarsexs aloqashaxsi தொடர்புநபர் సంప్రదింపువ్యక్తి oranghubungan taongkontak የመገናኛሰው personcyswllt "
     "persunatakuntatt kontakpersoon"},
    {kPersonName, kNameOnly,
     "Whose name, in one: relatives, patients, employees, who receives and sends: who holds an account or a card",
     "অ্যাকাউন্টধারী mmilikiwaakaunti rekeninghouer kaarthouer"},
    {kNone, kPerson | kNameOnly, "Whose, in the genitive, further languages",
     "fhostai fhaighteora tseoltora uineara claf derbynnydd anfonwr perchennog hartzailearen bidaltzailearen "
     "jabearen hartzaile bidaltzaile iscinin gonderenin xestenin oluvchi yuboruvchi egasining egasi "
     "medarbejderens eiganda starfsmannsins eienaar ontvangers алушының жіберушінің иесінің науқас המטופל "
     "העובד הנמען השולח הבעלים პაციენტის თანამშრომლის მიმღების გამგზავნის მფლობელის հիվանդի աշխատակցի ստացողի "
     "ուղարկողի սեփականատիրոջ የታካሚ የሰራተኛ የተቀባይ የላኪ የባለቤት রোগীর কর্মচারীর প্রাপকের প্রেরকের মালিকের பெறுநர் "
     "அனுப்புநர் உரிமையாளர் గ్రహీత యజమాని పంపినవారి"},
};
// clang-format on

}  // namespace gpsync::core::pii::vocabulary

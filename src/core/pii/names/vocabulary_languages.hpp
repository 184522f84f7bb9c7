// The names of forms, APIs and tables in languages that are written in Latin letters, by what their values
// are: what the other parts of the vocabulary do not have. vocabulary.hpp says how to read and extend it.
#pragma once

#include "core/pii/names/vocabulary.hpp"

namespace gpsync::core::pii::vocabulary {

using enum Detector;

// clang-format off
inline constexpr Row kLanguages[] = {
    // ---- Payment cards
    {kPan, kLoose, "Finnic, Turkic languages, Hungarian, Basque: card numbers",
     "kortinnumero korttinumero luottokortinnumero pankkikortinnumero luottokorttinumero kaardinumber "
     "krediitkaardinumber pangakaardinumber kartyaszam bankkartyaszam hitelkartyaszam kartyaszama "
     "bankkartyaszama kredikartinumarasi bankakartinumarasi kartnomresi kartinnomresi "
     "kreditkartininnomresi kartaraqami bankkartasiraqami plastikkartaraqami txartelarenzenbakia "
     "txartelzenbakia"},
    {kCvv, kLoose, "Finnic, Turkic languages, Hungarian, Basque: security codes",
     "turvaluku varmistuskoodikortti cvvkodu guvenliknumarasi cvckodu dogrulamakodukart tehlukesizlikkodu "
     "xavfsizlikkodi cvvkodi segurtasunkodea"},
    {kExpiry, kNameOnly | kAmbiguous, "Finnic, Turkic languages, Hungarian, Basque: expiry; ambiguous",
     "vanhenemispaiva viimeinenkayttopaiva eraantymispaiva kehtivusaeg aegumiskuupaev aegumisekuupaev "
     "ervenyes ervenyessegiido ervenyessegvege lejaratdatuma ervenyeseddig gecerliliktarihi "
     "sonkullanimtarihi bitmetarixi etibarlidir sonistifadetarixi etibarliliqmuddeti bitmemuddeti "
     "amalqilishmuddati iraungitzedata baliozkotasuna"},
    {kPan, 0, "Further languages: card numbers",
     "ncarte ncarta kortnr nrcard ckarty kartno sothe nokad"},
    {kPan, kLoose, "Further languages: card numbers",
     "arithmoskartas nomerkarty"},
    {kCvv, kTextOnly, "Where a code stands on a card, as chats say it",
     "ontheback derr\200ckseite codeaudos elreverso aldorso sulretro noverso deachterkant naodwrocie"},
    {kCvv, 0, "Further languages: security codes",
     "cvckod cvvkod"},
    {kCvv, kNameOnly | kAmbiguous, "Further languages: security codes; also of other things",
     "tarkistusnumero kontrollkood kontrolnikod kontrolnykod kontrolnakoda"},
    {kCvv, kLoose, "Further languages: security codes",
     "maantoan maxacthucthe kodeverifikasikartu nomborkeselamatankad kodigongseguridad msimbowausalama "
     "nambariyausalama"},
    {kPin, kNameOnly | kAmbiguous, "Further languages: PINs; also of other things",
     "codeconfidentiel codicesegreto toegangscode tunnusluku"},
    {kPin, kAmbiguous, "French, Spanish, Portuguese: PINs, also other secrets",
     "codesecret codigosecreto numerosecreto codesecretcarte"},
    {kPin, 0, "Further languages: PINs",
     "geheimnummer pinkod codpin kodpin sopin"},
    {kPin, kLoose, "Further languages: PINs",
     "pinkoodi pinkood pinkodu kartsifresi pinkodea pinkods pinkodas numerpin pinkoda pinstevilka pinbroj "
     "kodepin nomorpin nomborpin numerongpin nambayasiri"},
    {kExpiry, kLoose, "Further languages: expiry",
     "datedexpirationcarte datedexpirationdelacarte kortetsudlobsdato kortetsutlopsdato forfallodatumkort "
     "gildistimikorts valabilitatecard kaardikehtivus kartyalejarata kartgecerliliktarihi bitistarihikart "
     "kartinbitmetarixi kartaamalqilishmuddati kartamuddati kartesderigumatermins kortelesgaliojimodata "
     "veljavnostkartice karticavrijedido datumistekakartice valjanostkartice karticavazido "
     "masaberlakukartu"},
    {kPan, kLoose, "Languages of Southeast Asia, Swahili: card numbers",
     "sothetindung sothenganhang sotheghino nomorkartu nokartu nomorkartukredit nokartukredit "
     "nomorkartudebit nomborkad nomborkadkredit numerongcard numerongkard numerongcreditcard "
     "nambariyakadi nambayakadi"},
    {kExpiry, kNameOnly | kAmbiguous, "Languages of Southeast Asia, Swahili: expiry; also of other things",
     "cogiatriden hethan hieulucden hanthe tanggalkedaluwarsa tanggalkadaluarsa berlakusampai kedaluwarsa "
     "tarikhtamattempoh sahsehingga tarikhtamat petsangpagexpire petsangpagkawalangbisa validhanggang "
     "tareheyamwishowamatumizi mudawakuisha tareheyakuisha tareheyakumalizika ngayhethanthe"},
    {kPan, kLoose, "Slavic and Baltic languages: card numbers",
     "kartesnumurs kreditkartesnumurs kartesnr maksajumukartesnumurs bankaskartesnumurs kortelesnumeris "
     "kreditokortelesnumeris kortelesnr mokejimokortelesnumeris bankokortelesnumeris nrkarty "
     "numerkartykredytowej numerkartyplatniczej cislokarty cislokreditnikarty cisloplatebnikarty "
     "cislokreditnejkarty cisloplatobnejkarty stevilkakartice stkartice stevilkakreditnekartice "
     "stevilkaplacilnekartice brojkartice brojkreditnekartice brkartice brojbankovnekartice "
     "brojplatnekartice"},
    {kCvv, kLoose, "Slavic and Baltic languages: security codes",
     "cvvkods cvvkodas apsaugoskodas kodweryfikacyjnykarty overovacikodkarty varnostnakodakartice "
     "sigurnosnibroj bezbednosnibroj"},
    {kExpiry, kNameOnly | kAmbiguous, "Slavic and Baltic languages: expiry; also of other things",
     "derigalidz terminabeigas galiojimodata galiojimopabaiga waznedo datawygasniecia terminwaznosci "
     "datumplatnosti konecplatnosti datumexpirace platnost koniecplatnosti datumexpiracie veljavnost "
     "datumveljavnosti veljavnado potece vrijedidatuma vrijedidodatuma rokvaljanosti istekvaljanosti "
     "datumvazenja rokvazenja"},
    {kPan, kLoose, "Western European languages, Albanian: card numbers",
     "nummerderkarte numerodecarte numerodelacarte numerodecartebancaire ndecarte numerodecartedecredit "
     "nocarte nodecarte numerodelatarjeta numerodetarjetadecredito ntarjeta ndetarjeta nrotarjeta "
     "nrodetarjeta numtarjeta numdetarjeta numerodocartao numerodecartao nocartao nodocartao "
     "numerodocartaodecredito numcartao numerodicarta numerodellacarta numerocartadicredito "
     "numerodellacartadicredito nummervankaart nummervandekaart bankpasnummer pasnummer kreditkortsnummer "
     "bankkortsnummer kortanumer kortnumer kreditkortanumer numerkorts numarcard numarulcardului "
     "numarcardcredit numarcarddecredit numardecard numarcardbancar numriikartes numerkarte numrikartes "
     "numriikartessekreditit nrikartes uimhircharta uimhirancharta uimhirchartacreidmheasa rhifcerdyn "
     "rhifycerdyn numerotargeta numerodetargeta numerodelatargeta numerotargetacredit "
     "numerodetargetadecredit numerotarxeta numerodetarxeta numerodatarxeta numrutalkarta innumrutalkarta "
     "kaartennummer kreditkaartennummer"},
    {kCvv, kLoose, "Western European languages, Albanian: security codes",
     "varmuuskoodi turvanumero kaartverificatiecode "
     "sicherheitsnummer kartenprufwert kartenprufziffer prufzifferderkarte prufnummerderkarte numerodecontrolecarte "
     "codigodeverificaciondelatarjeta kartguvenliknumarasi codseguranca mabaomatthe macvv numerodecontroledelacarte "
     "kontrolnicislokarty sifrakarticecvv kodecvv koducvv kodascvv "
     "prufnummer prufziffer kartenprufcode codeverificationcarte codedeverificationdelacarte "
     "claveseguridad clavedeseguridad codigodeseguridaddelatarjeta codigodesegurancadocartao "
     "codicedisicurezzadellacarta verificatiecodekaart kontrolcifer cvckode tryggleikskode tryggingskode "
     "oryggisnumer oryggisnumerkorts cvcnumer coddesecuritate coduldesecuritate coddeverificare "
     "kodiisigurise kodsigurie codslandala coddiogelwch codiseguretat codideseguretat codigoseguridade "
     "codigodeseguridade kodicitassigurta secherheetscode"},
    {kCvv, kNameOnly | kAmbiguous, "Western European languages, Albanian: security codes; ambiguous",
     "codeverification codigoverificacion codigoverificacao codigodeverificacao codiceverifica "
     "controlegetal kontrollkode kontrollkod codverificare"},
    {kPin, kLoose, "Western European languages, Albanian: PINs",
     "geheimzahl pinnummer clavepin codigopin numeropin senhadocartao codicepin pinkode pinnumer pinkodi "
     "codulpin kodipin uimhirpin rhifpin codipin kodicipin"},
    {kExpiry, kNameOnly | kAmbiguous, "Western European languages, Albanian: expiry; also of other things",
     "verfallsdatum gultigbismmjj gultigkeitsdatum datedexpiration valablejusquau datevalidite "
     "datedevalidite validejusquau finvalidite findevalidite validahasta validohasta fechaexpiracion "
     "fechadeexpiracion vence datavalidade datadevalidade validoate datadeexpiracao datavencimento "
     "datadevencimento vencimento validafinoal validofinoal verloopdatum geldigtm verlooptop "
     "geldigtotenmet gyldigttil udlober utloper gyldigtilogmed garut giltigttill giltigttom "
     "sistagiltighetsdag giltighetstid gildistimi rennurut gildislok expirala dataexpirare datadeexpirare "
     "valabilpana valabilitate dataeskadimit vlefshmederi evlefshmederime skadonme skadenca dataskadimit "
     "evlefshmederi dataeaga bailigodti datadulineag dyddiaddodiben ynddilystan datacaducitat "
     "datadecaducitat validafins datavenciment datadevenciment caducitat datacaducidade datadecaducidade "
     "validaata caducidade datataliskadenza validasa tiskadi gultegbis oflafdatum geltegbis"},
    // ---- Bank accounts
    {kAccount, kLoose, "Finnic, Turkic languages, Hungarian, Basque",
     "pankkitili tilinnumero pankkitilinnumero arvelduskonto pangakonto pangakontonumber arveldusarve "
     "szamlaszam bankszamlaszam bankszamla folyoszamlaszam bankahesabi hesabnomresi bankhesabi "
     "hesabinnomresi bankhesabnomresi hisobraqami bankhisobi hisobraqam kontuzenbakia bankukontua"},
    {kAccount, kNameOnly | kAmbiguous, "Further languages; also of other things",
     "contacorrente contocorrente reikningsnumer saskaitosnumeris saskaitosnr stevilkaracuna stracuna "
     "brojracuna brracuna"},
    {kAccount, kNameOnly, "Further languages",
     "cuctu trr nrcont"},
    {kAccount, kLoose, "Further languages",
     "arithmoslogariasmou"},
    {kAccount, kLoose, "Languages of Southeast Asia, Swahili",
     "sotaikhoan taikhoannganhang sotaikhoannganhang nomorrekening norekening rekeningbank "
     "nomorrekeningbank nomborakaun noakaun akaunbank nomborakaunbank noakaunbank numerongaccount "
     "numerongbankaccount nambariyaakaunti akauntiyabenki nambayaakaunti"},
    {kAccount, kLoose, "Slavic and Baltic languages",
     "kontanumurs bankaskonts norekinukonts bankaskontanumurs kontanr bankosaskaita "
     "atsiskaitomojisaskaita bankosaskaitosnumeris rachunekbankowy numerrachunkubankowego nrrachunku "
     "kontobankowe numerkontabankowego cislouctu bankovniucet cislobankovnihouctu bankovnispojeni "
     "bankovyucet cislobankovehouctu bancniracun transakcijskiracun stevilkabancnegaracuna stevilkatrr "
     "bankovniracun ziroracun brojbankovnogracuna tekuciracun brojziroracuna brojtekucegracuna"},
    {kAccount, kLoose, "Western European languages, Albanian",
     "comptebancaire ncompte ndecompte numerodecomptebancaire numeroducompte nrocuenta nrodecuenta "
     "ncuenta ndecuenta numcuenta numdecuenta numerodaconta noconta nodaconta numerodiconto "
     "numerodicontocorrente contobancario numerodelconto bankrekening rekeningnr bankareikningur "
     "bankareikningsnumer bankiogreikningsnumer numarcont contbancar numarulcontului numardecont "
     "numarcontbancar numriillogarise llogariabankare numerllogarie numrillogarise nrillogarise "
     "uimhirchuntais cuntasbainc rhifcyfrif cyfrifbanc comptebancari numrutalkont kontbankarju "
     "konttalbank bankkont kontosnummer"},
    // ---- Electronic mail and telephone
    {kEmail, kNameOnly | kLoose, "Finnic, Turkic languages, Hungarian, Basque: mail",
     "villanyposta emailcime epostaadresi elektronikposta mailadresi elektronpoct epoctunvani "
     "elektronpoctunvani elektronpochta pochtamanzili elektronpochtamanzili epochta postaelektronikoa "
     "helbideelektronikoa"},
    {kPhone, kLoose, "Finnic, Turkic languages, Hungarian, Basque: telephone",
     "puhelinnro gsmnumero mobiilinumber telszam ceptelefonunumarasi telefonunuz evtelefonu cepnumarasi "
     "telefonnomresi mobilnomre elaqenomresi mobiltelefonnomresi telefonraqami mobilraqam aloqatelefoni "
     "telefonraqam telefonoa telefonozenbakia mugikorra sakelakoa telefonomugikorra"},
    {kEmail, kNameOnly, "Further languages: mail",
     "mejl emaili ebost correu meil epoct epasts imejl surel posel emel"},
    {kEmail, kNameOnly | kLoose, "Further languages: mail",
     "thudientu hopthudientu diachithudientu alamatsurel alamatemel baruapepe anwaniyabaruapepe"},
    {kPhone, kNameOnly | kAmbiguous, "Further languages: telephone; also of other things",
     "portable mobiel mobiil mobilais"},
    {kPhone, kNameOnly, "Further languages: telephone",
     "puh puhnro simi guthan ffon talr nrtel telst sodong dtdd sodt ponsel notel selpon simu"},
    {kPhone, kLoose, "Languages of Southeast Asia, Swahili: telephone",
     "dienthoailienhe telepon nomorponsel teleponseluler nomorwhatsapp teleponrumah handphone "
     "telefonbimbit nombortelefonbimbit notelefonbimbit telepono numerongtelepono numerongselpon "
     "nambayasimu simuyamkononi"},
    {kEmail, kNameOnly | kLoose, "Slavic and Baltic languages: mail",
     "elpastas elpastoadresas elektroninispastas elektroniniopastoadresas pocztaelektroniczna "
     "adrespocztyelektronicznej elektronickaposta epostninaslov elektronskaposta elektronskinaslov "
     "enaslov adresaeposte"},
    {kPhone, kLoose, "Slavic and Baltic languages: telephone",
     "telefonanumurs telefonas mobilusistelefonas mobilustelefonas numertelefonukomorkowego numerkomorki "
     "telefonkontaktowy telefonstacjonarny telcislo mobilnicislo telefonnecislo mobilnecislo "
     "mobilnastevilka stevilkatelefona telefonskibroj brtelefona brojmobilnogtelefona"},
    {kEmail, kNameOnly | kLoose, "Western European languages, Albanian: mail",
     "adresseelectronique direcciondeemail enderecodeemail correioeletronico enderecoeletronico "
     "epostadress mejladress mailadress netfang tolvupostur tolvupostfang adresadeemail postaelectronica "
     "adresaeemailit postaelektronike adresaelektronike riomhphost seoladhriomhphoist cyfeiriadebost "
     "correuelectronic adrecaelectronica adrecacorreuelectronic adrecadecorreuelectronic "
     "enderezoelectronico indirizzelettroniku postaelettronika indirizztalemail"},
    {kPhone, kLoose, "Western European languages, Albanian: telephone",
     "rufnummer festnetznummer mobilfunknummer telephoneportable numeroportable numerodeportable "
     "numerodemobile telephonefixe numerotel numerodecelular numerodemovil telefonofijo "
     "telefonodecontacto numerodocelular telefonefixo telefoneresidencial cellulare numerocellulare "
     "numerodicellulare telefonocellulare telefonofisso gsmnummer 06nummer gsmnumer heimasimi telefonfix "
     "telefondecontact numarmobil numriitelefonit celulari numritelefonit numertelefoni numriicelularit "
     "nrtelefoni uimhirghuthain uimhirtheileafoin fonpoca uimhirfoin teileafon rhifffon ffonsymudol "
     "rhifffonsymudol numerodemobil numrutalmobile mowbajl telefonsnummer handysnummer"},
    // ---- Names of persons
    {kPersonName, kNameOnly | kLoose, "Finnic, Turkic languages, Hungarian, Basque",
     "taydellinennimi taieliknimi csaladiesutonev tamisim advesoyad adinizsoyadiniz soyadad adsoyadataadi "
     "toliqism ismvafamiliya toliqismi ismfamiliya familiyaismotasiningismi izenabizenak izenosoa "
     "izenaetaabizenak izenaetaabizena etunimet kutsumanimi eesnimed tyttonimi perenimi neiupolvenimi "
     "szuletesinev leanykorinev soyadiniz familiyasi abizena abizenak lehenabizena bigarrenabizena "
     "toinennimi keskimmainennimi keskminenimi isanimi teinenimi kozepsonev anyjaneve ikinciad gobekadi "
     "babaadi ikinciisim atasininadi otasiningismi otasiismi bigarrenizena nimikortissa nimikaardil "
     "kaardiomanikunimi kartyabirtokosneve nevakartyan kartyanszereplonev kartyatulajdonosneve "
     "kartyatulajdonosa karthamili karthamilininadi kartinsahibi kartuzerindekiad kartsahibininadi "
     "kartinuzerindekiad kartaegasi kartaegasiningismi kartadagiism txartelarentitularra txartelekoizena "
     "txartelarenjabea titularrarenizena tilinhaltija tilinnimi kontoomanikunimi szamlatulajdonosneve "
     "szamlaneve hesapadi hesabsahibi hesabinsahibi hisobegasi hisobraqamiegasi kontuarentitularra "
     "kontuarenjabea"},
    {kNone, kBareName | kNameOnly, "Further languages: full names, given names",
     "nev ismi izena pangalan isem"},
    {kPersonName, kNameOnly, "Further languages",
     "tamad adiniz ataadi imiona imeoca tengoi chulot tenlot lisem zuname cyfenw cognom kunjom nonumm "
     "atesia"},
    {kPersonName, kNameOnly | kLoose, "Further languages: full names",
     "pooranaam"},
    {kPersonName, kNameOnly | kAmbiguous, "Further languages: who holds a card; also of other things",
     "kaardivaldaja"},
    {kPersonName, kNameOnly | kLoose, "Languages of Southeast Asia, Swahili",
     "tendaydu hotendaydu namasesuaiktp namapenuh buongpangalan kumpletongpangalan namapanggilan "
     "namapertama unangpangalan jinakwanza namaakhir namabapa apelyido hulingpangalan jinaukoo jinalaukoo "
     "jinamwisho jinafamilia jinalafamilia namatengah namaibukandung namaayah namagadisibukandung "
     "gitnangpangalan panggitnangpangalan jinakati jinalakati jinababa jinalababa tentrenthe tenintrenthe "
     "namapadakartu namakartu namadikartu pemilikkartu namapemilikkartu pemegangkad namapadakad "
     "namapemegangkad namakad namadikad mayaringcard pangalansacard pangalanngmayaringcard pangalansakard "
     "mwenyekadi jinakwenyekadi jinamwenyekadi jinalamwenyekadi mmilikiwakadi tentaikhoan atasnama "
     "namarekening atasnamarekening pemegangakaun namapemegangakaun namaakaun mayaringaccount "
     "pangalanngmayaringaccount pangalanngaccount mwenyeakaunti jinaakaunti jinalaakaunti "
     "jinamwenyeakaunti jinalamwenyeakaunti"},
    {kPersonName, kNameOnly | kLoose, "Slavic and Baltic languages",
     "pilnsvards pilnaisvards pilnasvardas nazwiskoiimie celejmeno prijmeniajmeno celemeno "
     "priezviskoameno polnoime priimekinime celotnoime punoime prezimeiime pierwszeimie "
     "nazwiskopanienskie otraisvards tevavards videjaisvards antrasvardas tevavardis antrasisvardas "
     "drugieimie druhejmeno prostrednijmeno druhemeno strednemeno srednjeime drugoime imeroditelja "
     "vardsuzkartes kartesipasniekavards kartesturetajavards kortelessavininkas vardasantkorteles "
     "vardasirpavardeantkorteles kortelesturetojovardas kortelessavininkovardas imieinazwiskonakarcie "
     "nazwanakarcie imieinazwiskoposiadaczakarty nazwiskonakarcie jmenonakarte jmenodrzitelekarty "
     "jmenodrzitele menonakarte menodrzitelakarty imenakartici lastnikkartice imeimetnikakartice "
     "imeinpriimeknakartici korisnikkartice imevlasnikakartice imeiprezimenakartici imenositeljakartice "
     "nosilackartice imenosiocakartice kontaturetajs kontaipasniekavards saskaitosturetojas "
     "saskaitossavininkovardas nazwaposiadaczarachunku imieinazwiskowlascicielakonta posiadaczkonta "
     "nazevuctu drziteluctu jmenomajiteleuctu vlastnikuctu nazovuctu menomajitelauctu lastnikracuna "
     "imeimetnikaracuna imevlasnikaracuna nazivracuna nosilacracuna"},
    {kPersonName, kNameOnly | kLoose, "Western European languages, Albanian",
     "vorundzuname prenometnom apellidosynombre apellidosynombres cognomeenome nominativo fuldtnavn "
     "fulltnavn fulltnamn fullstendignamn forogetternamn fullstandigtnamn helanamnet numelecomplet "
     "numelesiprenumele prenumesinume emriiplote ainmiomlan ainmagussloinne enwllawn enwachyfenw "
     "nomicognoms cognomsinom nomicognom nomeeapelidos isemshih isemukunjom lisemshih ganzennumm "
     "virnummafamilljennumm vollennumm nomeproprio nomebattesimo nomedibattesimo primonome fornavne "
     "forenamn tilltalsnamn eiginnafn skirnarnafn prenumele ceadainm ainmbaiste ancheadainm enwcyntaf "
     "nompila nomdepila nomepia nomedepia virnumm nomdenaissance nomdusage nomjeunefille nompatronymique "
     "apellidodesoltera nomefamilia nomedefamilia nomesolteira nomedesolteira cognomedanubile familienaam "
     "geboortenaam efternavne slaegtsnavn pigenavn slektsnavn pikenavn etternamn familjenamn flicknamn "
     "aettarnafn fodurnafn numelefamilie numeledefamilie numefata numedefata mbiemer sloinne enwolaf "
     "enwteuluol cognoms primercognom segoncognom ilkunjom familljennumm mittelname zweitname nomemeio "
     "nomedomeio segundonome nomesmeio nomesdomeio secondonome mellemnavn mellomnavn mellomnamn "
     "mellannamn millinafn patronimic initialatatalui emriibabait emriimesem ainmlair enwcanol segonnom "
     "isemtannofs ittieniisem zweetevirnumm nameaufderkarte namedeskarteninhabers nomsurcarte "
     "nomsurlacarte porteurcarte porteurdecarte nombreentarjeta nombreenlatarjeta nombredeltitular "
     "nombrecomoapareceentarjeta nombrecomoapareceenlatarjeta nomenocartao nomedotitular "
     "nomeimpressonocartao portadorcartao portadordocartao nomecomoestanocartao nomesullacarta "
     "intestatariodellacarta nometitolare nomedeltitolare naamopkaart naamopdekaart navnpakort "
     "navnpakortet kortholdersnavn kortindehaversnavn kortinnehaversnavn korthaldar namnpakortet "
     "kortinnehavar namnpakort kortinnehavarensnamn kortinnehavarnamn nafnakorti nafnkorthafa "
     "nafnakortinu numelepecard numeledepecard detinatorulcardului posesorcard numepecard "
     "numeletitularului mbajtesiikartes emrinekarte zoteruesiikartes emriimbajtesittekartes "
     "sealbhoircarta ainmarangcarta sealbhoirancharta ainmarcharta ainmantsealbhora deiliadycerdyn "
     "enwarycerdyn enwdeiliadycerdyn deiliadcerdyn titulartargeta titulardelatargeta nomatargeta "
     "nomalatargeta nomdeltitular nomtitulartargeta nomdeltitulardelatargeta titulartarxeta "
     "titulardatarxeta nomenatarxeta nomedotitulardatarxeta detenturtalkarta isemfuqilkarta sidilkarta "
     "lisemfuqilkarta nummopderkaart kaarteninhaber namedeskontoinhabers kontobezeichnung intitulecompte "
     "intituleducompte nomcomptebancaire nomducomptebancaire nombrecuentabancaria "
     "nombredelacuentabancaria titulardecuenta nomecontabancaria nomedacontabancaria intestatariodelconto "
     "titolaredelconto nomedeltitolaredelconto tennamevan tenaamstelling kontohaversnavn kontoejer "
     "kontoinnehaver kontoinnehavar kontoeigar kontohavare kontoinnehavarensnamn reikningshafi "
     "eigandireiknings nafnreikningseiganda reikningseigandi numeletitularuluicont "
     "numeletitularuluidecont mbajtesiillogarise zoteruesiillogarise emriillogarise titullariillogarise "
     "sealbhoircuntais ainmanchuntais deiliadycyfrif enwrcyfrif enwdeiliadycyfrif titularcompte "
     "titulardelcompte nomtitularcompte nomdeltitulardelcompte detenturtalkont isemtalkont sidilkont "
     "kontinhaber"},
    // ---- Addresses
    {kAddress, kNameOnly | kLoose, "Finnic, Turkic languages, Hungarian, Basque",
     "osoitetiedot elukoht szallitasicim szamlazasicim levelezesicim postacim teslimatadresi faturaadresi "
     "ikametgahadresi ikametgah ikametadresi adresiniz yasayisunvani catdirilmaunvani qeydiyyatunvani "
     "evunvani yashashmanzili yetkazibberishmanzili uymanzili manzili yashashjoyi helbidea bizilekua "
     "etxekohelbidea postahelbidea kadunnimi kozteruletneve kozterulet utcanev utcaneve caddevesokak "
     "sokakadi caddeadi kuceveev kuceninadi kochavauy kaleaetazenbakia talonnumero talonumero huoneisto "
     "korterinumber emeletajto evnumarasi kapinumarasi binanumarasi dairenumarasi evnomresi evinnomresi "
     "binanomresi uyraqami xonadon kvartira etxezenbakia postinro postikood zipkodu poctindeksi poctkodu "
     "pochtaindeksi postakodea"},
    {kNone, kPlace | kNameOnly, "Finnic, Turkic languages, Hungarian, Basque",
     "cim unvan katu kuce kocha kalea ataria asula telepulesneve sehiradi seher rayon shahar tuman hiria "
     "udalerria maakunta kaupunginosa linnaosa jaras kerulet varosresz ililce bolge viloyat mahalla "
     "probintzia lurraldea"},
    {kAddress, kNameOnly | kAmbiguous, "Further languages: addresses; also of other things",
     "domicile"},
    {kAddress, kNameOnly | kLoose, "Further languages: addresses, postal codes",
     "diefthynsi dieuthinsi taxydromikoskodikas"},
    {kAddress, kNameOnly, "Further languages: addresses, houses, streets",
     "manzil majanr menzil noio anwani makazi anuani adreca netrue carrer nderue huisnr nrbloc rhifty "
     "namonr butas"},
    {kAddress, kNameOnly | kLoose, "Languages of Southeast Asia, Swahili",
     "diachigiaohang choohientai noithuongtru diachilienhe diachinhanhang diachithanhtoan "
     "alamatpengiriman tempattinggal alamattempattinggal alamatpenagihan alamatdomisili "
     "alamatpenghantaran alamatsuratmenyurat alamatkediaman alamatpengebilan tirahan tahanan "
     "lugarngtirahan kasalukuyangtirahan anwaniyamakazi tenduong sonhatenduong sonhavatenduong "
     "jalandannomor socanho nomorrumah norumah nomborrumah numerongbahay nambariyanyumba nambayanyumba "
     "kodigopostal msimbowaposta nambariyaposta"},
    {kNone, kPlace | kNameOnly, "Languages of Southeast Asia, Swahili: streets, towns, districts",
     "duong kalye mtaa barabara bandaraya lungsod siyudad mji jiji quan phuong desa kelurahandesa daerah "
     "mukim lalawigan probinsya wilaya mkoa kaunti"},
    {kAddress, kNameOnly | kLoose, "Slavic and Baltic languages",
     "gyvenamosiosvietosadresas pastoadresas namuadresas pristatymoadresas saskaitosadresas adresdostawy "
     "adresdomowy adresabydliska trvalebydlisko bydlisko adresatrvalehopobytu trvalypobyt "
     "stalnoprebivalisce naslovzadostavo naslovprebivalisca domacinaslov naslovbivalisca "
     "zacasnoprebivalisce adresadostave adresaprebivalista adresazadostavu adresazaisporuku "
     "adresaisporuke ielaunmajasnumurs ielasnosaukums ielamajasnr gatveirnamonumeris gatvespavadinimas "
     "gatvenamonr nazwaulicy ulicainumer uliceacislodomu uliceacp uliceacislo nazevulice ulicaacislodomu "
     "ulicaacislo nazovulice ulicainstevilka ulicaibroj nazivulice majasnumurs majasnr dzivoklanumurs "
     "dzivoklis namonumeris butonumeris nrdomuimieszkania cislodomu cislobytu popisnecislo "
     "orientacnecislo hisnast brojkuce brojstana kodpocztowyimiasto postovnismerovacicislo "
     "postovesmerovaciecislo postnast postbroj"},
    {kNone, kPlace | kNameOnly, "Slavic and Baltic languages",
     "naslov kbr apdzivotavieta vietove gyvenviete naselje postainkraj mjestostanovanja "
     "mjestoprebivalista mestostanovanja pagasts rajons rajonas apskritis seniunija dzielnica okres "
     "mestskacast obcina regija pokrajina opcina cetvrt opstina okrug"},
    {kAddress, kNameOnly | kLoose, "Western European languages, Albanian",
     "adressedelivraison adressedefacturation adressedudomicile direcciondeenvio direcciondefacturacion "
     "direccionparticular direcciondeentrega enderecodeentrega enderecodecobranca moradadefaturacao "
     "moradadeentrega indirizzodiresidenza indirizzodispedizione indirizzodifatturazione indirizzodicasa "
     "thuisadres afleveradres huisadres leveransadress faktureringsadress heimilisfang postfang "
     "logheimili afhendingarstadurheimilisfang adsetur adresadelivrare adresadefacturare "
     "adresadecorespondenta adresapostala vendbanimi adresaebanimit adresaedergeses adresabanimit seoladh "
     "seoladhbaile seoladhpoist cyfeiriad cyfeiriadcartref domicili adrecapostal adrecadenviament "
     "enderezo enderezopostal indirizz indirizztaddar lindirizz wunnadress heemadress strasseundnr "
     "nomdelarue numeroetrue nomderue nombredelacalle nombredecalle ruaenumero nomedarua nomedellavia "
     "straatennummer gadenavn vejnavnognr gadeognr veinavn gatenavnognummer gatenamn vegnamn gatunamn "
     "gataochnummer gotuheiti gataoghusnumer gotunafn stradasinumarul numelestrazii stradasinumar "
     "rrugadhenumri emriirruges sraidagusuimhir carrerinumero nomcarrer nomdelcarrer isemtattriq "
     "stroossennumm numeroderue numeromaison numerodemaison numerocasa numerodecasa nrocasa nrodecasa "
     "numerodacasa numerodaporta noporta nodaporta ncivico gatunummer husnumer numarcasa numarbloc "
     "nrstrada apartament numriishtepise numriibaneses numriinderteses uimhirti pisiporta numrutaddar "
     "plzundort codepostaletville codigodeenderecamentopostal codiceavviamentopostale "
     "codicediavviamentopostale postcodeenplaats postnummerogsted postnumer codulpostal kodipostar "
     "kodpostar codpoist eirchod codpost codipostal kodicipostali postleitzuel"},
    {kNone, kPlace | kNameOnly, "Western European languages, Albanian",
     "vei rruga sraid stryd heol triq strooss scara gemeinde localite villederesidence ciudadderesidencia "
     "cidadederesidencia localita comunediresidenza cittadiresidenza bynavn bopaelskommune bosted "
     "poststad bustad borg baer sveitarfelag poststod municipiu orasul qytet cathair dinas tref ciutat "
     "poblacio municipi localitat concello rahal lokalita uertschaft gemeng wunnuert bundesland landkreis "
     "kanton stadtteil bezirk canton arrondissement quartier provincia distrito comuna barrio regione "
     "quartiere provincie wijk deelgemeente landsdel fylke bydel kommun landskap stadsdel herad hverfi "
     "landshluti judetul rrethi bashkia komuna qarku contae comarca districte distrett"},
    // ---- Birth
    {kBirthDate, kLoose, "Finnic, Turkic languages, Hungarian, Basque",
     "syntynyt syntymavuosi sundinud sunnipaev szuletesiido szuletett szuletesiev szuletesdatuma "
     "dogumgunu dogumtarihiniz dtarihi dogumyili dogumtarixi tevellud doguldugutarix tugilgansana "
     "tugilgankuni tugilganyili jaioteguna jaiotzedata"},
    {kBirthDate, kTextOnly, "As a text writes them",
     "urodzona f\200ddden f\200dd f\200dtden f\200dt n\200le n\200ele n\200scutla do\200umtarihi"},
    {kBirthDate, kNameOnly, "Further languages",
     "fodt fodd faedd dzimis gimes datnar rojen roden"},
    {kBirthDate, kLoose, "Languages of Southeast Asia, Swahili",
     "ngaythangnamsinh sinhngay namsinh tarikhkelahiran petsangkapanganakan kaarawan arawngkapanganakan "
     "sikuyakuzaliwa"},
    {kBirthDate, kLoose, "Slavic and Baltic languages",
     "dzimsanasdiena dzimsanasgads gimimodiena gimimometai urodzony dzienurodzenia rokurodzenia narozen "
     "narozena roknarozeni narodeny narodena roknarodenia rojstnidan letorojstva rodendan godinarodenja"},
    {kBirthDate, kLoose, "Western European languages, Albanian",
     "geburtsjahr fechadenac datadenasc fodselsar fodelsear foddden faedingardagurogar datanastere "
     "datadenastere nascutla dataelindjes ditelindja datalindjes databreithe labreithe dyddiadgeni "
     "penblwydd datanaixement datadenaixement datanacemento datadenacemento datatattwelid gebuertsdatum "
     "gebuertsdag"},
    // ---- Numbers that a state gives
    {kNationalId, kLoose, "Finnic, Turkic languages, Hungarian, Basque: identity, taxes",
     "henkilokortinnumero henkilonumero henkilotodistuksennumero idkaardinumber "
     "isikuttoendavadokumendinumber isikutunnistusenumber szemelyazonositoigazolvanyszama "
     "kimlikkartiserino yabancikimlikno sexsiyyetvesiqesinomresi sexsiyyetvesiqesininnomresi "
     "sexsiyyetvesiqesi svnomresi idkartaraqami shaxsiyraqam pasportseriyasivaraqami nanzenbakia "
     "nortasunagiria nortasunagiriarenzenbakia verotunniste veronumero maksukohustuslasenumber "
     "maksunumber maksukohustuslaseregistreerimisnumber adoszam vergino identifikaziofiskalekozenbakia"},
    {kPassport, kLoose, "Finnic, Turkic languages, Hungarian, Basque: passports",
     "passinnumero passinumero passinumber utlevelszam utlevelszama utlevel pasaportno pasaportnumarasi "
     "pasportnomresi pasport pasportunnomresi pasportraqami pasportseriyasi pasaportea pasaportezenbakia"},
    {kDrivingLicence, kLoose, "Finnic, Turkic languages, Hungarian, Basque: driving licences",
     "ajokortinnumero ajokortti ajokorttinumero juhiloanumber juhiluba juhilubadenumber jogositvanyszama "
     "vezetoiengedely vezetoiengedelyszama jogositvanyszam ehliyetno surucubelgesino ehliyetnumarasi "
     "surucubelgesinumarasi ehliyet surucubelgesi suruculukvesiqesi suruculukvesiqesininnomresi "
     "haydovchilikguvohnomasi haydovchilikguvohnomasiraqami gidabaimena gidabaimenarenzenbakia"},
    {kNationalId, 0, "Further languages: identity",
     "idnummer"},
    {kNationalId, kNameOnly | kAmbiguous, "Further languages: identity, taxes; also of other things",
     "dokumendinumber okmanyszam azonositoszam identifikaziozenbakia voen"},
    {kNationalId, kNameOnly, "Further languages: identity",
     "brojlk sgkno umid upsp"},
    {kPassport, kNameOnly, "Further languages: passports",
     "pasnr pasonr paspor"},
    {kPassport, kNameOnly | kAmbiguous, "Further languages: passports; also of other things",
     "pasas pasos"},
    {kDrivingLicence, kNameOnly | kAmbiguous, "Further languages: driving licences; also of other things",
     "numeropermis numerodepermis numerolicencia numerodelicencia cnh patente"},
    {kDrivingLicence, kNameOnly, "Further languages: driving licences",
     "sogplx gplx"},
    {kNationalId, kLoose, "Languages of Southeast Asia, Swahili: identity, taxes",
     "sogiaytotuythan nomoridentitas noidentitas nomorkartukeluarga nomykad numerongid sssnumber "
     "philhealthnumber nambayanida masothue masothuecanhan nomornpwp nomborcukaipendapatan "
     "nocukaipendapatan nambariyamlipakodi nambayamlipakodi"},
    {kPassport, kLoose, "Languages of Southeast Asia, Swahili: passports",
     "sohochieu hochieu nomorpaspor nopaspor nomborpasport nopasport numerongpasaporte nambariyapasipoti "
     "pasipoti nambayapasipoti"},
    {kDrivingLicence, kLoose, "Languages of Southeast Asia, Swahili: driving licences",
     "giaypheplaixe sogiaypheplaixe banglaixe nomorsimpengemudi suratizinmengemudi nosimpengemudi "
     "lesenmemandu nomborlesenmemandu nolesenmemandu lisensyasapagmamaneho numeronglisensya "
     "leseniyaudereva nambariyaleseniyaudereva"},
    {kNationalId, kLoose, "Slavic and Baltic languages: identity, taxes",
     "identitatesnumurs personasapliecibasnumurs idkartesnumurs asmenstapatybeskortelesnumeris "
     "asmensdokumentonumeris asmenstapatybesnumeris numerdokumentutozsamosci cislodokladutotoznosti "
     "stosebneizkaznice evidencijskibrojstranca nodoklumaksatajanumurs "
     "nodoklumaksatajaregistracijasnumurs nodoklunumurs mokesciumoketojokodas "
     "mokesciumoketojoidentifikacinisnumeris mokesciumoketojonumeris numernip danoveidentifikacnicislo "
     "danoveidentifikacnecislo davcnastevilka davcnast poreznibroj porezniidentifikacijskibroj "
     "poreskibroj poreskiidentifikacionibroj"},
    {kNationalId, kNameOnly | kAmbiguous, "Slavic and Baltic languages: identity, taxes; ambiguous",
     "identifikacijasnumurs identifikavimonumeris numeridentyfikacyjny identifikacnicislo "
     "identifikacnecislo identifikacijskastevilka dic pib"},
    {kPassport, kLoose, "Slavic and Baltic languages: passports",
     "pasesnumurs pasesnr pasonumeris numerpaszportu paszport nrpaszportu seriainumerpaszportu cislopasu "
     "cislocestovnihopasu cestovnipas cislocestovnehopasu cestovnypas stevilkapotnegalista potnilist "
     "stpotnegalista brojputovnice putovnica brojpasosa"},
    {kDrivingLicence, kLoose, "Slavic and Baltic languages: driving licences",
     "vaditajaaplieciba vaditajaapliecibasnumurs autovaditajaaplieciba vairuotojopazymejimas "
     "vairuotojopazymejimonumeris vairuotojopazymejimonr prawojazdy numerprawajazdy nrprawajazdy "
     "ridicskyprukaz cisloridicskehoprukazu cislorp vodicskypreukaz cislovodicskehopreukazu "
     "vozniskodovoljenje stevilkavozniskegadovoljenja stevilkavozniskega vozackadozvola "
     "brojvozackedozvole brojvozacke"},
    {kNationalId, kNameOnly | kAmbiguous, "Western European languages, Albanian: identity, taxes; ambiguous",
     "identifikationsnummer personenkennzeichen numerodidentification identificatienummer audkennisnumer "
     "numaridentificare numardeidentificare numriiidentifikimit numriidentifikues uimhiraitheantais "
     "rhifadnabod numerodidentificacio matriculenummer partitaiva btwid nipt nuis"},
    {kNationalId, kLoose, "Western European languages, Albanian: identity, taxes",
     "numeronationaldidentite numerodeidentificacion nrodocumento nrodedocumento numerodedni "
     "numerododocumento carteiraidentidade carteiradeidentidade numerorg numerodorg numerodocpf "
     "numerodeldocumento numeroidentita numerodiidentita numerodidocumento identiteitsnummer "
     "legitimatienummer identitetsnummer idkortnummer nasjonaltidnummer idkortsnummer legitimationsnummer "
     "personunumer nafnskirteini seriesinumarbuletin carteidentitate cartedeidentitate seriesinumarci "
     "numarbuletin numaractidentitate numaractdeidentitate actidentitate actdeidentitate numarci "
     "numriiidentitetit numriileternjoftimit leternjoftim numriikartesseidentitetit kartaeidentitetit "
     "rhifyswiriantgwladol documentdidentitat numerodocument numerodedocument numerodidentitat "
     "numeroseguretatsocial numerodelaseguretatsocial numrutalkartatalidentita numrutalid "
     "kartatalidentita sozialversecherungsnummer numerocontribuable numerodecontribuable "
     "identifiantfiscal identificacionfiscal clavefiscal numeroidentificazionefiscale "
     "numerodiidentificazionefiscale skatteidentifikationsnummer tinnummer skatteidentifikasjonsnummer "
     "skatteregistreringsnummer skatteid skattnumer skattkennitala codfiscal numaridentificarefiscala "
     "numardeidentificarefiscala codidentificarefiscala coddeidentificarefiscala "
     "numriiidentifikimittatimor numrifiskal uimhirchanach rhiftreth numerodidentificaciofiscal "
     "numrutattaxxa steiernummer"},
    {kPassport, kLoose, "Western European languages, Albanian: passports",
     "passnummer numerodepasseport npasseport ndepasseport passeport numerodepasaporte pasaporte "
     "nropasaporte nrodepasaporte npasaporte ndepasaporte passaporte numeropassaporte numerodopassaporte "
     "nopassaporte nodopassaporte passaporto numerodipassaporto numerodelpassaporto paspoort "
     "vegabrefsnumer vegabref numervegabrefs numarpasaport pasaport numarulpasaportului nrpasaport "
     "seriepasaport numriipasaportes pasaporta numripasaportes nripasaportes uimhirphas rhifpasbort "
     "pasbort numeropassaport numerodepassaport passaport numrutalpassaport reespassnummer reespass"},
    {kDrivingLicence, kLoose, "Western European languages, Albanian: driving licences",
     "fuhrerscheinnummer licenciaconducir licenciadeconducir permisodeconducir numerolicenciaconducir "
     "numerodelicenciadeconducir carnetconducir carnetdeconducir licenciaconduccion licenciadeconduccion "
     "numerodepermisodeconducir carteiramotorista carteirademotorista cartaconducao cartadeconducao "
     "numerocartaconducao numerodacartadeconducao numerocnh numerodacnh carteirahabilitacao "
     "carteiradehabilitacao carteiranacionalhabilitacao carteiranacionaldehabilitacao patenteguida "
     "patentediguida numeropatente numerodipatente numerodellapatente rijbewijs rijbewijsnr "
     "korekortnummer korekort korekortnr forerkortnummer forerkort forerkortnr forarkortnummer forarkort "
     "korkortsnummer korkort korkortnummer okuskirteini okuskirteinisnumer numerokuskirteinis "
     "permisconducere permisdeconducere numarpermisconducere numarpermisdeconducere permisauto "
     "numarulpermisuluiconducere numarulpermisuluideconducere seriepermisconducere seriepermisdeconducere "
     "lejedrejtimi numriipatentes lejaedrejtimit patenteshoferi ceadunastiomana uimhirceadunaistiomana "
     "trwyddedyrru rhiftrwyddedyrru permisconduir permisdeconduir carnetconduir carnetdeconduir "
     "numeropermisconduir numerodepermisdeconduir carneconducir carnedeconducir licenzjatassewqan "
     "numrutallicenzjatassewqan fuhrerschain fuhrerschainnummer"},
    // ---- Secrets
    {kPassword, kNameOnly | kLoose, "Finnic, Turkic languages, Hungarian, Basque",
     "kordaparooli jelszomegerositese sifretekrar sifreniz yangiparol maxfiysoz pasahitza pasahitzberria"},
    {kPassword, kNameOnly | kAmbiguous, "Further languages; also of other things",
     "clavedeacceso clavesecreta paroladordine claudacces parole sandi katakuncirahasia"},
    {kPassword, kNameOnly | kLoose, "Further languages",
     "jaunaparole apstiprinietparoli pakartokiteslaptazodi zaporka potvrdilozinku potvrdalozinke "
     "matkhaumoi katasandibaru katalaluanbaharu nenolasiri nenosirijipya"},
    {kPassword, kNameOnly, "Further languages",
     "parol nywila"},
    {kPassword, kNameOnly | kLoose, "Western European languages, Albanian",
     "passwortbestatigen motdepasseactuel claveacceso palavrapasse senhaatual parolachiavesegreta kodeord "
     "adgangsord parolanoua parolaactuala fjalekalim fjalekalimiiri pasfhocal focalfaire cyfrinair "
     "cyfrinairnewydd contrasenya novacontrasenya contrasinal novocontrasinal passwuert neitpasswuert"},
    // ---- A bare name
    {kNone, kBareName | kNameOnly, "Further languages",
     "nafn denumire emertimi ainm enw numm nazev nazov naziv megnevezes nomi"},
    // ---- Whose, and what is no person
    {kNone, kPerson, "Finnic, Turkic languages, Hungarian, Basque: persons",
     "kayttaja tyontekija potilas ostaja vastaanottaja henkilo vakuutettu tootaja patsient saaja vevo "
     "munkavallalo beteg biztositott sigortali uye yolcu istifadeci xeste mijoz foydalanuvchi xodim bemor "
     "xaridor bezeroa erabiltzailea langilea pazientea eroslea hartzailea"},
    {kNone, kOrganisation | kThing, "Finnic, Turkic languages, Hungarian, Basque: organisations",
     "yritys pankki ettevote pood pank ceg vallalat isyeri kompaniya dokon"},
    {kNone, kPerson, "Languages of Southeast Asia, Swahili: persons",
     "nhanvien nguoimua hanhkhach pengguna pembeli penumpang pegawai pekerja pesakit kustomer gumagamit "
     "empleyado mamimili pasyente mtumiaji mfanyakazi mnunuzi mpokeaji"},
    {kNone, kOrganisation | kThing, "Languages of Southeast Asia, Swahili: organisations",
     "congty nganhang perusahaan syarikat kedai kampuni duka benki"},
    {kNone, kThing, "Latin letters: things",
     "produkt produit producto produto prodotto datei fichier archivo arquivo ficheiro bestand urun dosya "
     "tuote tiedosto toode produktas preke proizvod izdelek datoteka termek fajl produs fisier sanpham "
     "produk barang berkas bidhaa producte fitxer tovar zbozi"},
    {kNone, kPerson, "Slavic and Baltic languages: persons",
     "lietotajs darbinieks pacients sanemejs vartotojas naudotojas darbuotojas pacientas gavejas "
     "uzytkownik pacjent kupujacy nabywca ubezpieczony zamestnanec pacient kupujici pojistenec kupujuci "
     "poistenec zaposleni zavarovanec narocnik zaposlenik pacijent osiguranik radnik uposlenik primalac"},
    {kNone, kOrganisation | kThing, "Slavic and Baltic languages: organisations",
     "uznemums veikals imone parduotuve bankas przedsiebiorstwo spolecnost prodejna spolocnost predajna "
     "podjetje trgovina tvrtka poduzece preduzece prodavnica"},
    {kNone, kBlock | kThing, "Turkic languages: names of things",
     "urunadi dosyaadi sirketadi firmaadi magazaadi mehsulunadi mehsuladi faylinadi mahsulotnomi faylnomi "
     "urunismi dosyaismi firmaismi"},
    {kNone, kPerson, "Western European languages, Albanian: persons",
     "benutzer nutzer utilisateur utilisatrice acheteur abonne usager usuario usuaria asegurado huesped "
     "pasajero utilizador hospede passageiro utente paziente acquirente assicurato ospite passeggero "
     "gebruiker koper verzekerde gast bruger medarbejder kober modtager gaest bruker pasient kjoper "
     "mottaker gjest brukar tilsett mottakar kjopar anvandare kopare mottagare vidskiptavinur notandi "
     "starfsmadur sjuklingur kaupandi vidtakandi utilizator cumparator beneficiar asigurat klienti "
     "perdoruesi perdorues punonjesi pacienti bleresi marresi custaimeir usaideoir fostai othar "
     "ceannaitheoir cwsmer defnyddiwr gweithiwr usuari empleat destinatari empregado utent impjegat "
     "pazjent benotzer mataarbechter"},
    {kNone, kOrganisation | kThing, "Western European languages, Albanian: organisations",
     "geschaft banque commercant banco comercio compania banca ditta virksomhed bedrift foretag "
     "fyrirtaeki verslun banki magazin companie societate kompania dyqani botiga banc"},
    {kPersonName, kLoose, "Forms",
     "completename wholename"},
    {kAccount, kLoose, "Whose account, as Romance languages put it",
     "cuentabeneficiario cuentaordenante cuentadestino cuentaorigen comptebeneficiaire comptedonneurordre "
     "contobeneficiario contoordinante contabeneficiario contadestino contaorigem contadestinatario"},
    {kAddress, kLoose, "Further languages",
     "bydliste prebivaliste boraviste domiciliu domiciliul resedinta asuinpaikka bostadsort miejscezamieszkania "
     "postdistrikt postiindeks pastaindekss pastoindeksas mabuuchinh postkode bopael adrese "
     "gyvenamojivietaadresas elukohaaadress deklaretaadrese"},
    {kAddress, kLoose, "A line of an address",
     "adresregel anschriftszeile anschriftzeile adressezeile adresselinje adresselinie adressrad osoiterivi "
     "adresseligne direccionlinea enderecolinha indirizzoriga liniaadresu wierszadresu radekadresy "
     "riadokadresy cimsor liniaadresei adresoeilute adresesrinda aadressirida adresasatiri barisalamat "
     "dongdiachi"},
    {kAddress, kLoose, "Subdivisions by their kind: Square, SAP, UPS, schema.org",
     "administrativedistrict administrativedistrictlevel stateorprovincecode stateprovince stateprovincecode "
     "provincecode addressregion addressstate addressprovince postlcode addressfirstline addresssecondline"},
    {kPersonName, kLoose, "Who is asked for by a full name",
     "pelnanazwaosoby nazwaosoby nazwiskoosoby"},
    {kNone, kOrder | kDocument, "Numbers of orders and invoices, in Germanic languages",
     "bestellung bestellnummer bestellnr auftrag auftragsnummer auftragsnr bestelling bestelnummer bestelnr "
     "ordrenummer ordrenr ordernummer ordernr bestillingsnummer bestillingsnr pontunarnumer "
     "factuur factuurnummer factuurnr fakturanummer fakturanr fakturering belegnummer belegnr vorgangsnummer "
     "aktenzeichen sendungsnummer paketnummer zendingsnummer pakkenummer forsendelsesnummer kolli kollinummer"},
    {kNone, kOrder | kDocument, "The same in Romance languages",
     "commande numerocommande nocommande nocde refcommande numerodecommande pedido numeropedido "
     "numerodepedido nropedido ordine numeroordine nordine comanda numarcomanda nrcomanda encomenda "
     "numeroencomenda numerofacture nofacture numerodefacture numerofactura nrofactura numerodefactura "
     "numerofattura nfattura numerofatura numarfactura nrfactura numerosuivi numeroenvio numerospedizione "
     "numerorastreio"},
    {kNone, kOrder | kDocument, "The same in Slavic, Baltic, Uralic and Turkic languages, Greek, Indonesian",
     "zamowienie numerzamowienia nrzamowienia objednavka cisloobjednavky narudzba brojnarudzbe narocilo "
     "stevilkanarocila porudzbina uzsakymas uzsakymonumeris pasutijums pasutijumanumurs tellimus "
     "tellimusenumber tilaus tilausnumero rendeles rendelesszam siparis siparisno siparisnumarasi "
     "numerfaktury nrfaktury cislofaktury lasku laskunumero faturanumarasi paragelia "
     "arithmosparagelias pesanan nomorpesanan nopesanan"},
    {kNone, kOrder | kDocument | kNameOnly, "The same in other scripts",
     "заказ номерзаказа замовлення номерзамовлення поръчка номернапоръчка счетфактура παραγγελια "
     "αριθμοσπαραγγελιασ 订单 订单号 订单编号 注文番号 注文id 주문번호 رقمالطلب מספרהזמנה ऑर्डरसंख्या"},
};
// clang-format on

}  // namespace gpsync::core::pii::vocabulary

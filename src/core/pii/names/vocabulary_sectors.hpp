// The names of members of banks, utilities, offices, clinics and shops of single countries, and of systems
// that are used there: what the other parts of the vocabulary do not have. vocabulary.hpp says how to read
// and extend it.
#pragma once

#include "core/pii/names/vocabulary.hpp"

namespace gpsync::core::pii::vocabulary {

using enum Detector;

// clang-format off
inline constexpr Row kSectors[] = {
    // ---- Persons
    {kPersonName, 0, "Registers, tax offices, health systems: a name as a whole",
     "chosenname nomesocial apellidoynombre nombreyapellido "
     "nombresyapellidos nometprenom nomprenom nomprenoms nometprenoms "
     "vornachname namevorname vorundnachname nachnamevorname naamvoornaam "
     "jmenoaprijmeni numeprenume numesiprenume "
     "nameasinnric nameaspernric nameasinpassport nameasperpassport nameonpassport "
     "nameonid nameasperid nameasperpan nameonic nameasperic nameonlicence nameonlicense"},
    {kPersonName, 0, "Who is insured, delivered to, addressed; family names as they are used",
     "피보험자명 お届け先名 お届け先氏名 adresseringsnavn nomusuel paternalname maternalname "
     "payidname namedisplay sortablename feeearner"},
    {kPersonName, kNameOnly | kAmbiguous, "Japanese in Latin letters: family name, given name",
     "sei mei"},
    {kNone, kBareName, "Banks of Pakistan and Nigeria; Bulgarian, Hungarian: names; Russian 1C",
     "refname accounttitle titleofaccount наименование наименованиеполное"},
    {kNone, kPerson, "Who orders a transfer; German clinics, Russian cards, Chinese, Afrikaans and Russian customers",
     "assure orderingmd responsavelfinanceiro medicoprescrittore donneurordre donneurdordre ordenante ordinante "
     "deliveredto handedto leftwith contractant contratante powod powodka "
     "favorecido favorecida одержувач abonat abonado "
     "behandler behandlerin держатель kehu titularcontrato titularsuministro"},
    {kNone, kPerson | kAmbiguous, "Russian 1C: a partner, who may be a company",
     "контрагент"},
    {kNone, kSuffix | kNameOnly, "Languages and scripts that columns are named after",
     "thai khmer lao burmese chinese korean hangul japanese hindi tamil bengali sinhala arabic hebrew greek cyrillic "
     "russian ukrainian vietnamese malay urdu persian farsi roman romanized romanised pinyin"},
    // ---- Devices
    {kDeviceOwner, 0, "Names of devices in other languages",
     "geraetename geratename geraetebezeichnung nombredispositivo nombredeldispositivo nomedispositivo "
     "nomedodispositivo nomedeldispositivo nomappareil nomdelappareil apparaatnaam toestelnaam enhetsnamn enhetsnavn "
     "enhedsnavn laitteennimi nazwaurzadzenia nazevzarizeni имяустройства названиеустройства 设备名称 設備名稱 "
     "デバイス名 端末名 기기이름 기기명 cihazadi"},
    // ---- Addresses
    {kNone, kPlace, "Switzerland: postcodes; a house",
     "npa house"},
    {kNone, kPlace | kAmbiguous | kNameOnly,
     "Of a country; also how something is: only a name or a code of a region fits",
     "state province"},
    {kAddress, kNameOnly, "Polish, Italian: postal codes, shortened",
     "kodpoczt"},
    {kAddress, kNameOnly | kAmbiguous | kPerson, "Where somebody lives; also the kind of a permit",
     "residence residencia residenza residentie"},
    {kNone, kPlace, "Lines of shops and of pay later, WeChat, Nepali, Basque",
     "area1 area2 region1code region1 firstline secondline detailinfo सहर herria"},
    {kNone, kPlace | kAmbiguous | kNameOnly, "Codes of regions; Japan",
     "regioncode statecode prefecture prefecturename"},
    {kAddress, kNameOnly, "Netherlands: main residence; SAP: postal codes",
     "correspondentieadres hoofdverblijfplaats postlcod1 postlcod2 postlcod3"},
    {kAddress, kNameOnly, "Ireland: a postcode is that of one address",
     "eircode"},
    {kAddress, 0, "Deliveries of energy; Turkish; Nepali",
     "leveringsadres verbruiksadres aansluitadres adresi thegana"},
    // ---- Dates of birth
    {kBirthDate, 0, "Brazil's eSocial; HL7; Korea",
     "dtnascto datetimeofbirth birthymd birthyyyymmdd"},
    {kBirthDate, kAmbiguous, "German forms: \"geboren\"; Chinese identity cards",
     "geboren gebam 出生"},
    // ---- Numbers
    {kMedicalRecord, 0, "Spain: clinical history",
     "historiaclinica numerohistoriaclinica nhc"},
    {kNationalId, 0, "Germany; Sri Lanka; Ecuador; Egypt",
     "steuerlicheid nicno nicnumber identificacioncomprador identificacioncliente "
     "identificacionbeneficiario "},
    {kNationalId, kAmbiguous, "Sri Lanka, Pakistan, Bangladesh; also the card of a network",
     "nic nid nidno"},
    {kPhone, 0, "Spain, Portugal, Brazil",
     "tfno tfnocontacto"},
    {kCvv, 0, "American Express: card identification number",
     "cccid"},
    {kSsn, 0, "Credit bureaus",
     "socialnum socialno"},
    {kPassword, kNameOnly | kAmbiguous, "One-time codes in other scripts",
     "кодпідтвердження кодзапотвърждение кодзапотврду 校验码 动态码 動態碼 認証番号 ワンタイムパスワード 확인코드 رمزالتاكيد کدتایید "
     "קודהאימות รหัสotp सत्यापनकोड ओटीपी κωδικοσεπιβεβαιωσησ maotp"},
    {kPassword, kTextOnly, "The same, as messages begin",
     "вашкод вашкоддоступа"},
    {kPin, 0, "China UnionPay: the holder's PIN",
     "个人密码 "},
    {kExpiry, 0, "Brazil; EMV by name",
     "expiremonth expireyear expiredate mesanovalidade appexpirationdate applicationexpirationdate"},
    {kExpiry, kNameOnly, "Redsys",
     "dsmerchantexpirydate"},
    {kNone, kNamePart | kNameOnly, "HMRC: {\"Name\": {\"Fore\": …, \"Sur\": …}}",
     "fore sur"},
    {kExpiry, kNameOnly | kAmbiguous, "Swahili: last date",
     "tareheyamwisho"},
    {kAccount, 0, "Argentina; India",
     "cbu cvu cbucvu acnum "},
    {kApiSecret, 0, "What a link in a mail proves its receiver by",
     "transactionkey authenticationtoken resettoken passwordresettoken activationtoken verificationtoken invitetoken "
     "invitationtoken confirmationtoken magiclinktoken unsubscribetoken"},
    {kPersonName, kNameOnly, "Names of users",
     "loginid loginname userlogin logonid samaccountname nombreusuario nombredeusuario nomedeusuario "
     "nomeusuario nomeutente nomutilisateur nomdutilisateur kullaniciadi gebruikersnaam brukernavn "
     "anvandarnamn brugernavn nazwauzytkownika uzivatelskejmeno felhasznalonev numeutilizator korisnickoime "
     "логин имяпользователя 用户名 用戶名 ユーザー名 사용자명 benutzerkennung"},
    {kPersonName, kNameOnly, "Whose name, in one, of further roles",
     "nombreconductor nombrehabitante nombreinquilino staffname hastaadi hastaad clientnom clinom nmtrab "
     "guestnameth connectedpsu nomepaziente nombrepaciente nomsalarie nomadherent"},
    {kPhone, kNameOnly, "Forms in Romance languages",
     "contactotelefonico contactotelefono telefonocontacto contactotelemovel"},
    {kPhone, kNameOnly | kAmbiguous, "Swish: who pays and is paid",
     "payeralias"},
    {kAccount, kNameOnly, "Finacle, Flexcube, Brazil, Czechia",
     "foracid custacno custaccno conta ucet cisloucetu nroconta"},
    {kMedicalRecord, kNameOnly, "Hospitals elsewhere",
     "病歷號 病历号 患者番号 カルテ番号 診察券番号 hospitalno hospitalnumber prontuario mrnid patmrnid patno patientno"},
    {kDrivingLicence, kNameOnly, "Driving licences in Romance languages",
     "permis nopermis numpermis permisno"},
    {kNationalId, kNameOnly, "Luxembourg; health insurance in Germany",
     "matriculenational versichertennummer versichertennr krankenversichertennummer"},
    {kNone, kOrder | kArticle | kNameOnly, "Codes of drugs",
     "ndc ndccode ndc11 pzn"},
    {kApiSecret, kNameOnly, "Keys that both sides have",
     "presharedkey ikepsk ipsecpsk wpapsk wifipsk wpapassphrase"},
    {kApiSecret, kNameOnly | kAmbiguous | kIdentifier,
     "Of a session, by which its user is known; also what logs call one",
     "sessionid jsessionid phpsessid sessid"},
    {kPassword, kNameOnly | kAmbiguous, "DocuSign; doors and gates",
     "doorcode entrycode gatecode lockboxcode"},
    {kAddress, kNameOnly | kLoose, "Epic, DHL, columns",
     "addline1 addline2 addline3 addresshouse dircli dieythynsi naslovimetnika"},
    {kBirthDate, kNameOnly, "Estonian",
     "synniaeg synnikuupaev"},
    {kNone, kBlock | kThing | kNameOnly, "Gender in Vietnamese, which ends as a province does",
     "gioitinh"},
    {kNone, kBlock | kThing, "Names of accounts and cards, as their owners call them",
     "accountalias cardalias"},
    {kNone, kPerson | kNameOnly, "Further roles",
     "tesserato tesserata habitante"},
    {kNone, kThing | kLegible | kNameOnly, "Countries, which may stay in an address, in other languages",
     "pais pays paese land ulke zeme riik valsts salis orszag drzava krajina panstwo χωρα страна країна 国 国家 "
     "国名 나라 국가 ประเทศ quocgia negara البلد الدولة بلد دولة ארץ देश"},
    {kNone, kOrganisation | kThing, "Shops and restaurants in other languages",
     "restaurante ristorante restauracja ravintola geschaeft farmacia pharmacie apotheke"},
    {kPersonName, kNameOnly | kAmbiguous | kIdentifier,
     "Names of users, where they have a given name in them; also other ids and actions",
     "login identifiant identifiantconnexion usuarioacceso"},
    {kPassword, kAmbiguous, "DocuSign",
     "accesscode"},
    {kBirthDate, kNameOnly, "French columns",
     "datenaiss datenais dtnaiss dtnais datnaiss"},
    {kNone, kPlace | kAmbiguous | kThing | kNameOnly, "Also of clouds",
     "region"},
    {kNone, kPlace | kAmbiguous | kNameOnly, "Brazil: states",
     "uf siglauf ufendereco"},
    {kPersonName, kNameOnly | kAmbiguous, "Interac: of a person or a company",
     "registrationname"},
    {kNone, kNamePart | kNameOnly, "Canvas: beside another name of somebody",
     "shortname"},
    {kPhone, kAmbiguous, "German, Nordic and other forms, also a tariff",
     "mobil"},
    {kAddress, kNameOnly, "Brazil: electronic invoices",
     "enderdest"},
    {kNone, kPlace | kNameOnly, "The same: street, town, quarter",
     "xlgr xmun xbairro xcpl"},
    {kNone, kPerson | kNameOnly, "Further roles of health and care",
     "prescripteur prescriptrice abholberechtigt abholberechtigte abholberechtigter lekarzzlecajacy"},
    {kPersonName, kNameOnly | kAmbiguous, "Cards and tickets in French: also what bears",
     "porteur"},
    {kNationalId, kNameOnly, "Identity and tax numbers of single states, as their offices call them",
     "nistrab pispasep numeronis sofinr betalningsmottagarid krapin numcin cin taxidentificationcode nipnumber "
     "numeropis steueridentnr steueridnummer abhaid curpid eidnumber emiratesidnumber icnumber icno "
     "nationalregnumber hkidno kennitalanumber nrocedula numcedula "
     "personalidno personidnumber tckno tfnumber ufn"},
    {kNationalId, kNameOnly | kAmbiguous, "The same, where the name also means other things",
     "nip psn dui qid pcn"},
    {kNone, kOrder | kArticle | kNameOnly, "Codes of goods and of customs",
     "商品コード 商品编号 商品编码 商品番号 janコード バーコード 상품코드 바코드 тнвэд кодтнвэд hscode tariffcode hsnumber commoditycode "
     "artikelnr codearticle codigoarticulo codigoproducto"},
    {kPersonName, kNameOnly, "KCP, Dutch and Romanian payrolls, Canada, Austria, SAP",
     "buyrname signnm numeasig prenasig othername snm vona fana vname nname paterno materno"},
    {kNone, kThing | kLegible | kNameOnly, "Brazil: country of birth",
     "paisnac paisnacionalidade paisresidencia"},
    {kBirthDate, kNameOnly, "Russia, Indonesia, abbreviated",
     "датарожд tgllhr"},
    {kDrivingLicence, kNameOnly, "Russian in Latin letters",
     "nomervoditelskogoudostovereniya voditelskoeudostoverenie"},
    {kExpiry, kNameOnly | kAmbiguous, "Ogone; Marqeta: also of sessions",
     "ed expirationtime"},
    {kMedicalRecord, kNameOnly, "Medical records in further languages",
     "номермедкарты brojkartona norekammedis nomorrekammedis 차트번호 환자번호 numerodossiermedical "
     "patientenaktennummer patientennummer numeropaciente numhistoriaclinica "
     "journalnummer pasientnummer potilasnumero"},
    {kPassword, kNameOnly, "Ogone",
     "pswd"},
    {kApiSecret, kNameOnly, "Galileo",
     "transkey apitranskey"},
    {kCvv, kNameOnly, "PayU",
     "ccvv"},
    {kAddress, kNameOnly, "Gift Aid",
     "housenameornumber"},
    {kNone, kBlock | kThing | kBareName, "Names of machines, which may be called after somebody (\"Pooja's iPad\")",
     "hostname friendlyname computername machinename"},
    {kBirthDate, kNameOnly | kCompound, "\"geboorte\": {\"datum\": …}, as \"birth\"",
     "geboorte geburt naissance nacimiento nascita fodsel foedsel fodelse urodzenie narodzenie narozeni "
     "narodenie szuletes nastere syntyma rojstvo rodenje rodjenje dogum рождение народження γεννηση"},
    {kPersonName, kNameOnly, "DB2, AS/400, card files; Mexican, Polish, Spanish columns",
     "firstnme lstnam fstnam midinit attendingdoc attendingdr nomcte nomcli nomcliente nazwrodowe "
     "apellidosnombre patname patientname embname leadname pragename praegename dsmerchanttitular kycname "
     "ptgiven ptsurname ptfamily voornaampatient"},
    {kPersonName, kNameOnly, "Chinese columns, initials of Pinyin",
     "khxm yhxm hzxm lxrxm jsrxm fddbrxm ckrxm skrxm fkrxm sjrxm shrxm jkrxm xmpy khxmpy cyrxm bbxrxm tbrxm"},
    {kPersonName, kNameOnly | kAmbiguous, "The same: also names of things",
     "xm khmc lxr sjr shr jkr"},
    {kBirthDate, kNameOnly, "Chinese columns; Brazilian mainframes; Nepal, by calendar",
     "csrq csny chushengrq datnasc dobad dobbs"},
    {kPhone, kNameOnly, "Chinese columns, initials of Pinyin",
     "lxdh sjhm sjh yddh lxfs lxdhhm jtdh"},
    {kPhone, kNameOnly, "Kenya, Chile, Brazil",
     "mpesanumber mpesano fono foneprinc fonecel fonecelular foneres"},
    {kNationalId, kNameOnly, "Chinese columns; UnionPay; Mexico",
     "sfzh sfzhm sfzjh sfzjhm zjhm certifid idfiscal"},
    {kNationalId, kNameOnly | kAmbiguous, "T24: also of a company",
     "legalid"},
    {kAadhaar, kNameOnly, "India, CKYC",
     "uidno"},
    {kAddress, kNameOnly, "Chinese columns, initials of Pinyin",
     "jtzz jtdz lxdz txdz hjdz hkdz xxdz shdz"},
    {kAddress, kNameOnly, "Columns: CKYC, South Africa, AS/400",
     "permline1 permline2 permline3 corresline1 corresline2 corresline3 perpin resaddrcode postaddrcode zipcod"},
    {kNone, kNameOnly | kPlace, "Japan: prefecture; T24",
     "pref towncountry"},
    {kAccount, kNameOnly, "Colombia, Brazil, Korea, Japan",
     "cuentaahorros cuentacorriente numctacorr acno kozano kouzano kouzabango"},
    {kAba, kNameOnly, "NACHA, cheques",
     "routingtransit receivingdfi receivingdfiid odfi rdfi"},
    {kExpiry, kNameOnly | kAmbiguous, "Turkish and Chinese columns; RuPay; embossing: also of goods",
     "skt kzyxq validupto vigencia embexpiredt expdat"},
    {kDrivingLicence, kNameOnly, "UK, USA",
     "drivernumber"},
    {kMedicalRecord, kNameOnly, "Hospitals in German, Dutch, Italian, Turkish, Spanish, Russian",
     "patnr patientnr patientnummer cartellaclinica numerocartellaclinica dosyano numhistoria nommedkarty"},
    {kNone, kNameOnly | kBareName, "A name in another script or language",
     "englishname nameeng nameenglish engname engnm namelatin namecn namezh namekr namejp namear nameth "
     "visningsnamn 영문명 xnome"},
    {kNone, kNameOnly | kPerson, "Roles in further languages",
     "кредитоискател condomino condomini titularis ndgdesc medlem физическоелицо uiddata pusher"},
    {kNone, kNameOnly | kOrganisation | kThing, "Who asks for tokens",
     "tokenrequestor tokenrequestors"},
    {kNone, kNameOnly | kThing, "Ships, goods, sources of data, works",
     "vessel vessels vesselname shipname boat yacht towar towaru artikl artikla datasource obra "
     "obras variety varieties cheese cheeses"},
    {kNone, kNameOnly | kOrder, "Waybills in Chinese",
     "运单号 快递单号"},
    {kPersonName, kNameOnly, "Afrikaans; Dutch: initials; Korean columns",
     "voorname voorletters voorletter psnnm initials"},
    {kPersonName, kNameOnly | kAmbiguous | kBareName, "Singapore: who a flat belongs to; also of services",
     "principalname"},
    {kNone, kNameOnly | kNamePart, "Russian health insurance: FAM, IM, OT",
     "fam im ot"},
    {kCvv, kNameOnly, "Virtual cards of travel agencies",
     "cpnavv"},
    {kExpiry, kNameOnly, "The same",
     "cpnexpirationdate"},
    {kCryptogram, kNameOnly, "Mastercard: UCAF",
     "de48se43data de48se43"},
    {kAddress, kNameOnly | kAmbiguous, "India: proof of address",
     "poa"},
    {kNone, kNameOnly | kBlock | kThing, "Configuration, roads, SAP: what ends in a word for something else",
     "proxypass roadname addrnumber expirymonths validitymonths"},
    // ---- Labels and their values
    {kNone, kLabel, "Forms in other languages, 1C, tests of pages, recognisers",
     "bezeichnung feldname merkmal campo etiqueta champ libelle veld вид поле 項目 项目 字段 항목 partyidtype entitytype "
     "selector locator dt chave"},
    {kNone, kValue, "The siblings of the row before",
     "wert valor valeur valore waarde значение представление 値 值 값 partyid observed typed dd displayed"},
};
// clang-format on

}  // namespace gpsync::core::pii::vocabulary

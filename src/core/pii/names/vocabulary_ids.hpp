// What states call the ids of detect/ids, in their languages and in English: the official name, and how forms
// abbreviate it. vocabulary.hpp says how to read and extend it. Longer names are found by what they end in.
// Sources: OECD, "Tax identification numbers" by country; European Commission, "TIN on Europa" and its list
// of identity documents; the issuing authorities' own forms.
#pragma once

#include "core/pii/names/vocabulary.hpp"

namespace gpsync::core::pii::vocabulary {

using enum Detector;

// clang-format off
inline constexpr Row kIdNames[] = {
    {kNationalId, kLoose, "Latin America",
     "claveunicaidentificaciontributaria claveunicadeidentificaciontributaria codigounicoidentificacionlaboral "
     "codigounicodeidentificacionlaboral documentonacionalidentidad documentonacionaldeidentidad rolunicotributario "
     "roluniconacional cedulaidentidad ceduladeidentidad cedulanacional cedulaciudadania ceduladeciudadania "
     "cedulaextranjeria ceduladeextranjeria cedulaelectoral identidadyelectoral numerocedula numerodecedula "
     "tarjetaidentidad tarjetadeidentidad numeroidentificaciontributaria numerodeidentificaciontributaria "
     "numerounicoidentificacionpersonal unicoidentificacionpersonal unicodeidentificacionpersonal "
     "registrounicocontribuyente registrounicocontribuyentes registrounicodecontribuyentes "
     "registrofederalcontribuyentes registrofederaldecontribuyentes codigounicoidentificacion "
     "codigounicodeidentificacion documentopersonalidentificacion documentopersonaldeidentificacion "
     "claveunicaregistropoblacion claveunicaderegistrodepoblacion claveunicaregistrodepoblacion claveelector "
     "clavedeelector numeroseguridadsocial numerodeseguridadsocial numeroseguridadesocial numeroinformacionfiscal "
     "registroinformacionfiscal registrodeinformacionfiscal unicoinformacionfiscal unicodeinformacionfiscal "
     "cadastropessoasfisicas cadastrodepessoasfisicas cadastropessoafisica cadastrodepessoafisica "
     "cadastronacionalpessoajuridica cadastronacionaldapessoajuridica documentoidentidad documentodeidentidad "
     "numeroidentidad numerodeidentidad documentoidentidade documentodeidentidade numeroidentidade "
     "numerodeidentidade numerosegurosocial numerodesegurosocial"},
    {kNationalId, 0, "In short",
     "cuitcuil rutrun runnumero nuip ruc cpfnumero numerocpf cpfcnpj cnpjcpf numerocnpj numerocuit numerorut "
     "numerodni numeroruc numerocui numerodpi numerorif numerocurp"},
    {kNationalId, kLoose, "Romance languages of Europe",
     "numeronational numeroregistrenational numeroderegistrenational registrenational identificationsecuritesociale "
     "identificationdelasecuritesociale numerodesecuritesociale immatriculationalasecuritesociale "
     "numeroinscriptionrepertoire inscriptionaurepertoire numeroinsee numeronir numerosecu numerofiscal "
     "numerofiscaldereference numerofiscalreference numerospi numeroavs numeroassureavs numerodassureavs "
     "numerodassicurazionesociale numeroassicurazionesociale matriculenationale numeromatricule numerodematricule "
     "numeroidentificationnational identificationnational nosecuritesociale nodesecuritesociale "
     "immatriculationasecuritesociale identificationnationale matriculeluxembourgeois numeroidentite "
     "numerodidentite carteidentite cartedidentite cartenationaleidentite cartenationaledidentite "
     "identificationfiscale numerocni numeroidentificacaofiscal numerodeidentificacaofiscal numerocontribuinte "
     "numerodecontribuinte cartaocidadao cartaodecidadao cartaodocidadao bilheteidentidade bilhetedeidentidade "
     "identificacaosegurancasocial identificacaodasegurancasocial numerosegurancasocial numerodesegurancasocial "
     "numeroutente numerodeutente numeroidentificacao numerodeidentificacao codulnumericpersonal cartaidentita "
     "cartadidentita documentoidentita documentodidentita numerofiscale"},
    {kNationalId, kLoose, "Germanic and Baltic languages",
     "sozialversicherungsnr rentenversicherungsnr personalausweisnummer personalausweisnr ausweisnummer "
     "identitatskarte identitatskartennummer rijksregisternr nationaalnummer nationalregisternummer "
     "nationaleidentifikationsnummer socialezekerheid identiteitskaart identiteitskaartnummer identiteitsbewijs "
     "burgerservicenr sofinummer fiscaalnummer sociaalfiscaalnummer belastingnummer centralepersonregister "
     "samordningsnummer samordningsnr personbeteckning skattenummer fodselsogpersonnummer identiteitsnommer "
     "asmenskodo personaskoda personaskodu isikukoodi kennitolu kennitalan"},
    {kNationalId, 0, "In short",
     "svnummer vsnr niss inss navs13 navs ahvn13 ahvn avsnummer avsnr avsnumber noavs nravs oasinumber rvnummer "
     "bsnnummer bsnnr dnummer cprnummer idnommer verotunnus personnummeret"},
    {kNationalId, kLoose, "Finnish, Hungarian, Slavic and Turkic languages, Greek in Latin letters",
     "sosiaaliturvatunnus henkilotunnuksen hetutunnus szemelyiazonosito szemelyiazonositojel szemelyazonositojel "
     "szemelyiszam adoazonositojel adoazonosito tajszam szemelyiigazolvany szemelyiigazolvanyszam "
     "szemelyiigazolvanyszama edinengrazhdanskinomer rodcislo rodnehocisla obcanskehoprukazu "
     "osobniidentifikacijskibroj osobneiskaznice jedinstvenimaticnibroj maticnibrojgradjana maticnibrojgradana "
     "enotnamaticnastevilka maticnastevilkaobcana maticnastevilka edinstvenmaticenbroj identyfikacjipodatkowej "
     "dowodosobisty dowoduosobistego numerdowodu serianumerdowodu tckimliknumarasi tcnumarasi kimliknumarasi "
     "vergikimlikno vergikimliknumarasi verginumarasi nufuscuzdanino arithmostautotitas arithmosforologikoumitroou"},
    {kNationalId, 0, "In short",
     "tcno vkn embg jmbgbroj oibbroj npwp nokp nokadpengenalan jshshir"},
    {kNationalId, kLoose, "English names and those of Africa and Asia in Latin letters",
     "medicarecard medicarecardnumber medicarecardno taxfileno hkidcardno mynumbercard ghanacardnumber ghanacardpin "
     "nationalregisternumber nationalregistrationnumber residentidentitycard residentidentitycardnumber "
     "citizenidentificationnumber citizenidentitynumber citizenidnumber chineseid personalidentificationcode "
     "personalidentitycode personalpublicservicenumber personalpublicservice permanentaccountnumber "
     "alienregistrationnumber foreignerregistrationnumber residentregistrationno individualidentificationnumber "
     "foreignidentificationnumber nationalidentitycard nationalidentificationcard computerizednationalidentitycard "
     "bankverificationnumber hongkongid hongkongidentitycard thaiid thainationalid thaicitizenid southafricanid "
     "israeliid incometaxpan pannumberincometax panincometax rsaid kuwaiticivilid iqama iqamanumber iqamaid "
     "hkidcard shenfenzheng shenfenzhenghao "
     "shenfenzhenghaoma shenfenzhengzihao kojinbango kojinbangou juminbeonho juminnumber jumindeungnokbeonho "
     "misparzehut mispargzehut kodmelli kodemelli codemelli mellicode kartemelli raqmqawmi raqamqawmi raqmalhawiyya "
     "nomorindukkependudukan indukkependudukan nomorktp nomornik kartutandapenduduk pokokwajibpajak "
     "nomborkadpengenalan kadpengenalan cancuoccongdan socancuoc cancuoc socccd chungminhnhandan socmnd sodinhdanh "
     "sodinhdanhcanhan dinhdanhcanhan uimhirpsp seirbhisepoibli southafricanidnumber rsaidnumber"},
    {kNationalId, 0, "In short",
     "eidanumber emiratesidno cardpengenalan noktp nonik ektp nikktp ppsno nicop cninumber juminno ghanacardno "
     "ninnumber bvnnumber finnumber nricno nricfinno"},
    {kNationalId, kAmbiguous, "Short names of national ids that mean other things, too, and names for ids of any kind",
     "afm cui rif taj ktp cmnd nss matricule birthnumber civilnumber nationalcode nationalnumber maticnibroj "
     "egnnumber identifikationsnummernational"},
    {kNationalId, kNameOnly | kLoose, "In other scripts",
     "居民身份证 居民身份证号 居民身份证号码 公民身份号码 公民身份证号码 身份号码 身份證 身份證號碼 香港身份證 香港身份證號碼 香港身份证 香港身份证号码 身分證 身分證字號 身分證號碼 身分證統一編號 國民身分證 "
     "國民身分證統一編號 マイナンバーカード マイナンバー番号 個人番号カード 基礎年金番号 주민번호 주민등록증번호 외국인등록번호 единенгражданскиномер личенномерначужденец "
     "лнч егнномер жсн жекесәйкестендірунөмірі номерналогоплательщика номерснилс номеринн удостоверениеличности "
     "удостоверенияличности карткиплатникаподатків ідентифікаційнийкод ідентифікаційнийномер податковийномер іпн "
     "јмбг матичнибројграђана ембг единственматиченброј жшшир пинфл αμκα αφμ φορολογικουμητρωου κοινωνικησασφαλισησ "
     "αριθμοσταυτοτητασ δελτιοταυτοτητασ αστυνομικησταυτοτητασ رقمالهوية رقمالهويةالاماراتية رقمهوية بطاقةالهوية "
     "رقمبطاقةالهوية الهويةالوطنية رقمالهويةالوطنية هويةوطنية رقمالاقامة الرقمالقومي رقمقومي الرقمالمدني رقممدني "
     "البطاقةالمدنية کدملی شمارهملی کارتملی شمارهشناسنامه شناختیکارڈ شناختیکارڈنمبر תז מספרזהות תעודתזהות "
     "מספרתעודתזהות स्थायीखातासंख्या पैननंबर आधार आधारसंख्या आधारनंबर ประจำตัวประชาชน บัตรประชาชน"},
    {kNationalId, kNameOnly | kLoose | kAmbiguous, "In other scripts; for numbers of other kinds, too",
     "идентификационныйномер страховойномер матичниброј матиченброј"},
    {kNationalId, kLoose, "Other states",
     "philsysid philsysnumber philippineidentificationnumber nationalidcard nationalidcardno nidnumber nidcard "
     "kitambulisho nambariyakitambulisho kenyanationalid numerocin numerocnie "
     "cartenationaleidentiteelectronique cartenationaledidentiteelectronique numripersonal fincode finkod "
     "finkodu idnp qatarid qidnumber irdnumber nhinumber cedulafisica cedularesidencia ceduladeresidencia "
     "numerodui documentounicoidentidad documentounicodeidentidad carneidentidad carnetidentidad "
     "carnetdeidentidad carnedeidentidad obcianskypreukaz obcianskehopreukazu nidanumber nrcnumber "
     "citizenshipnumber citizenshipno nagarikta voterid voteridnumber voteridno faydanumber faydaid "
     "personskilriki rnccedula cedularuc numerodocumentoidentidad numerodedocumentodeidentidad "
     "numerodocumentodeidentidad numerodocumentonacional numerodocumentoidentidade"},
    {kNationalId, kNameOnly | kLoose, "Other states, in other scripts",
     "জাতীয়পরিচয়পত্র এনআইডি პირადინომერი личныйномер الرقمالوطني رقموطني δελτιουταυτοτητασ"},
    // \200 is any letter with an accent: what fold_unicode() leaves of it.
    {kNationalId, kTextOnly, "In front of a number in a text",
     "c\200dula c\200duladeidentidad c\200duladeciudadan\200a rodn\200\200\200slo f\200dselsnummer "
     "f\200dselsnr henkil\200tunnus szem\200lyisz\200m szem\200lyiazonos\200t\200 ad\200azonos\200t\200 "
     "ad\200azonos\200t\200jel tajsz\200m num\200ronational num\200rodes\200curit\200sociale "
     "num\200ros\200curit\200sociale n\200merodeidentidad rol\200nicotributario carteidentit\200 "
     "cartedidentit\200"},
    {kNationalId, kNameOnly | kAmbiguous, "KYC APIs: the number of whatever identifies somebody",
     "identificationnumber identificationid identificationvalue identificationno"},
    {kNationalId, 0, "KYC APIs: under an identity document",
     "identitydocumentid identitydocid identitydocno identitydocumentno identitydocumentvalue "
     "identitydocumentdocumentnumber iddocumentid "
     "iddocumentno iddocumentdocumentnumber identificationdocumentnumber identitydocumentdocumentid "
     "kycdocumentnumber kycdocumentdocumentnumber iddocnumber iddocno "
     "proofofidentitynumber verificationdocumentnumber identityproofnumber residencepermit residencepermitnumber "
     "residencecard aufenthaltstitel titredesejour permisoresidencia permessodisoggiorno"},
    {kNone, kCompound, "\"identityDocument\": {\"number\": …}",
     "identitydocument identitydocuments iddocument iddocuments identifications kycdocument "
     "kycdocuments traveldocument traveldocuments iddoc iddocs proofofidentity verificationdocument identityproof"},
    {kNone, kCompound | kValue, "The same; UK Open Banking: {\"SchemeName\": \"UK.OBIE.IBAN\", \"Identification\": …}",
     "identification"},
    {kMedicalRecord, kNameOnly | kAmbiguous, "HL7 table 0203, as the code of an identifier's type",
     "mr"},
    {kPesel, 0, "Poland",
     "numerpesel nrpesel peselnr"},
    {kCodiceFiscale, 0, "Italy",
     "codfiscale codicefisc codfisc"},
    {kNif, kLoose, "Spain",
     "numeroidentificacionfiscal numerodeidentificacionfiscal"},
    {kGermanTaxId, kLoose, "Germany",
     "steuerlicheidentifikationsnummer steueridentnummer"},
};
// clang-format on

}  // namespace gpsync::core::pii::vocabulary

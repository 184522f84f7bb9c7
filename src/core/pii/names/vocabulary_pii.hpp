// Names under which values are PII: which kind, where the name comes from, the words.
// vocabulary.hpp says how to read and extend it.
#pragma once

#include "core/pii/names/vocabulary.hpp"

namespace gpsync::core::pii::vocabulary {

using enum Detector;

// clang-format off
inline constexpr Row kPii[] = {
    // ---- Payment cards
    {kPan, kLoose, "PCI DSS; names of PSP APIs; ISO 20022 CAIN, CAPE",
     "pan cardnumber cardno cardnum cardnbr cardnr ccnumber ccnum ccno creditcardnumber creditcardno "
     "creditcardnum debitcardnumber debitcardno paymentcardnumber cardpan primaryaccountnumber "
     "cardaccountnumber plasticcardnumber fullpan panvalue pannumber bankcardnumber cardpannumber "
     "virtualcardnumber vcnumber ccnbr crdnb plasticnumber plasticno plasticpan"},
    {kPan, kLoose, "German, French, Spanish, Italian, Portuguese, Dutch, Polish, Turkish, Nordic forms",
     "kartennummer kartennr kreditkartennummer kreditkartennr numerocarte numerocartebancaire numerotarjeta "
     "numerodetarjeta "
     "numerotarjetacredito numerocarta numerocartao creditcardnummer kaartnummer numerkarty kartnumarasi "
     "kortnummer kortnumero"},
    {kPan, kNameOnly | kLoose, "Russian, Ukrainian, Chinese, Japanese, Korean, Arabic, Greek forms",
     "номеркарты номеркартки 卡号 信用卡号 银行卡号 银行卡 カード番号 クレジットカード番号 카드번호 رقمالبطاقة αριθμοσκαρτασ"},
    {kPan, 0, "Card schemes",
     "maestro"},
    {kPan, kFunding | kLoose, "Tokenisation (EMVCo Payment Tokenisation, VTS, MDES)",
     "fpan fundingpan accountpan acctpan realpan originalpan cardholderpan clearpan plainpan rawpan"},
    {kPan, kCompound | kThing, "\"card\": {\"number\": …}",
     "card cards creditcard debitcard paymentcard bankcard plasticcard crd"},
    {kPan, kCompound | kThing, "The same in German, Romance languages, Dutch, Polish, Turkish, Nordic ones",
     "kreditkarte debitkarte bankkarte zahlungskarte cartebancaire cartedecredit cartecredit cartedepaiement "
     "tarjetacredito tarjetadecredito tarjetadebito tarjetadedebito cartacredito cartadicredito cartadidebito "
     "cartaocredito cartaodecredito cartaodebito cartaodedebito kredietkaart betaalkaart bankkaart "
     "kartakredytowa kartaplatnicza kartadebetowa kredikarti kreditkort betalkort bankkort luottokortti"},
    {kPan, kTextOnly, "Words in front of a number",
     "visa mastercard amex mc bancontact girocard unionpay rupay karte carte tarjeta kaart karta kort"},
    {kDevicePan, kToken | kLoose, "EMVCo Payment Tokenisation, Apple Pay, Google Pay",
     "dpan devicepan tokenpan deviceaccountnumber deviceprimaryaccountnumber "
     "applicationprimaryaccountnumber tokennumber tokenvalue tokenaccountnumber networktokennumber "
     "digitizedpan digitalpan devicecardnumber devicetoken mpan vpan tokenizedpan"},
    {kDevicePan, kToken, "EMVCo Payment Tokenisation",
     "networktoken paymenttoken dan"},
    {kNone, kToken | kThing | kIdentifier, "EMVCo Payment Tokenisation",
     "token tokens tokeninfo tokendata tokendetails provisionedtoken devicetokeninfo"},
    {kTrack, kLoose, "ISO 7813; EMV tag 57; PSP APIs",
     "track1 track2 track3 track1data track2data track3data trackdata tracktwo trackone magstripe "
     "magstripedata magneticstripe magneticstripedata swipedata track2equivalentdata "
     "track1discretionarydata trck1 trck2"},
    {kCvv, kLoose, "PCI DSS 3.3.1.2; PSP APIs",
     "cvv cvv2 cvc cvc2 cvc3 dcvc3 cvd cvd2 csc cav2 icvv dcvv dcvv2 dtvv cvn cvn2 cardsecuritycode "
     "cardverificationvalue cardverificationcode cardverificationnumber cvvcode cvccode cvdcode cardcvv "
     "cardcvc cardcvd cvvnumber cvcnumber "
     "cardcid cid2 cardsecurityvalue cvxcode cvnumber cvnum cvvnum cvvdata cvcdata ccvdata ccvnumber ccvcode "
     "cardcv2 cardccv cardcsv cardvalidationnum cardvalidationnumber cardvalidationcode cardsecval "
     "cardsecurityval cardidentificationnumber signaturepanelcode cardverificationdata cardsecuritynumber "
     "amexcid creditcardcode cvv2code cvc2code cvd2code cvv2value cvc2value cvv2number cvc2number cvv2data cvc2data"},
    {kCvv, 0, "PSP APIs, in short",
     "cv2 ccv cvx2 cvvc"},
    {kCvv, kAmbiguous, "PSP APIs: also a product of cards",
     "cardcode cardverification cardsecurity"},
    {kCvv, kLoose, "Forms in other languages",
     "pruefziffer kartenpruefnummer codesecurite codigoseguridad codigodeseguridad codigoseguranca "
     "codicesicurezza cryptogramme cryptogrammevisuel guvenlikkodu sikkerhedskode"},
    {kCvv, kLoose, "Forms in other languages, continued",
     "sicherheitscode kartensicherheitscode kartenprufnummer prufnummerkarte codesecuritecarte codedesecurite "
     "codedesecuritecarte codigoseguridadtarjeta codigodeseguridadtarjeta codigodeseguranca "
     "codigosegurancacartao codicedisicurezza codicesicurezzacarta beveiligingscode veiligheidscode "
     "kodbezpieczenstwa kodzabezpieczajacy bezpecnostnikod biztonsagikod sakerhetskod sikkerhetskode "
     "turvakoodi codsecuritate codulsecuritate kodbezopasnosti sigurnosnikod varnostnakoda "
     "kartendoguvenlikkodu kodekeamanan mabaomat"},
    // \200 is any letter with an accent: what fold_unicode() leaves of it.
    {kCvv, kTextOnly, "The same, as a text writes them",
     "kartenpr\200fnummer pr\200fnummer pr\200fziffer codedes\200curit\200 codes\200curit\200 c\200digodeseguridad "
     "c\200digoseguridad c\200digodeseguran\200a c\200digoseguran\200a kodbezpiecze\200stwa "
     "bezpe\200nostn\200k\200d biztons\200gik\200d s\200kerhetskod g\200venlikkodu"},
    {kCvv, kLoose, "Nordic, Baltic, Slavic, Balkan, Finnic, Turkic, Asian languages",
     "kontrolcifre kontrolciffer kontrollsiffer kortkontrolcifre kaarditurvakood turvakood saugoskodas "
     "kortelessaugoskodas drosibaskods kartesdrosibaskods bezpecnostnykod kontrolnibroj bezbednosnikod "
     "ellenorzokod kodisigurise oryggiskodi kodikosasfaleias kodkeselamatan koduvalidacyjny kodcvv codcvv codigocvv"},
    {kCvv, kNameOnly | kLoose, "Forms in Cyrillic, Greek, Devanagari, Thai",
     "кодбезопасности кодзасигурност кодбезпеки кодзасигурносткарта κωδικοσασφαλειασ सुरक्षाकोड รหัสความปลอดภัย"},
    {kCvv, kNameOnly | kLoose, "Forms in other scripts",
     "кодбезопасностикарты кодcvv 安全码 セキュリティコード 보안코드 卡安全码 信用卡安全码 カードセキュリティコード 카드보안코드 رمزالامان קודאבטחה"},
    {kCvv, 0, "PSP APIs",
     "securitycode verificationvalue paymentcardseriescode cardseriescode"},
    {kPin, kLoose, "PCI DSS 3.3.1.3; ISO 9564",
     "pinblk pinblock encryptedpinblock encpinblock pinnumber cardpin pinoffset atmpin upipin mpin pindata newpin "
     "oldpin"},
    {kPin, 0, "PCI DSS 3.3.1.3; ISO 9564",
     "pin pincode pvv tpin ipin epb"},
    {kExpiry, kLoose, "PSP APIs, ISO 20022 CAIN, EMV tag 5F24",
     "expirydate expirationdate expdate validthru goodthru dateofexpiry expmmyy xprydt expdt"},
    {kExpiry, kLoose | kFunding, "PSP APIs: of a card, so that a name beside it may be its holder's",
     "expmonth expyear expirymonth expiryyear expirationmonth expirationyear cardexpiry cardexpiration "
     "cardexpirydate cardexpirationdate cardexp panexpiry panexpirationdate accountpanexpiry "
     "expirymonthyear expmonthyear cardvalidthru cardexpires ccexp ccexpiry cardexpmonth cardexpyear cardmonth "
     "cardyear cardexpirymonth cardexpiryyear ccexpmonth ccexpyear cardvaliduntil cardvalidto cardgoodthru "
     "crdexprdt crdxpirdt paymentcardexpiredate cardexpiredate creditcardexpiredate"},
    {kExpiry, kLoose, "Forms in other languages",
     "ablaufdatum gueltigbis dateexpiration fechavencimiento fechadevencimiento datadiscadenza "
     "datascadenza dataexpiracao vervaldatum"},
    {kExpiry, kLoose, "Card forms in other languages",
     "gultigbis datefinvalidite datedefinvalidite fechacaducidad fechadecaducidad datawaznosci utgangsdatum "
     "utlopsdato udlobsdato sonkullanmatarihi expmm expyy expyyyy expirymm expiryyy validthrudate expmon "
     "expirymon expm expyr expiryyr exprdt xpirdt"},
    {kExpiry, kLoose | kFunding, "Forms in other languages that name the card",
     "kartegultigbis kartengultigkeit ablaufdatumkarte dateexpirationcarte expirationcarte caducidadtarjeta "
     "vencimientotarjeta vencimientodetarjeta scadenzacarta validadecartao validadedocartao vervaldatumkaart "
     "geldigheidkaart datawaznoscikarty platnostkarty kortutlop srokdeystviyakarty "
     "vencimentocartao vencimentodocartao validadedocartaocredito giltigttillkort kortgiltigttill giltighetkort "
     "waznosckarty datawaznoscikartykredytowej fechacaducidadtarjeta fechadecaducidadtarjeta caducidaddetarjeta "
     "fechavencimientotarjeta fechadevencimientotarjeta gueltigbiskarte kartegueltigbis dateexpirationcartebancaire "
     "datescadenzacarta scadenzadellacarta kartsonkullanma kartsonkullanmatarihi"},
    {kExpiry, kTextOnly, "Prose about cards; \\200 is any letter with an accent",
     "validuntil g\200ltigbis expireen expirele caduca caducael scadeil verloopt"},
    {kExpiry, kNameOnly | kLoose | kFunding, "Card forms in other scripts",
     "валидностнакартата 카드만료일 срокдействиякарты картадействительнадо カード有効期限 卡有效期 信用卡有效期 카드유효기간 תוקףכרטיס "
     "تاريخانتهاءالبطاقة"},
    {kExpiry, kNameOnly | kAmbiguous, "Further languages: also of documents and offers",
     "voimassa kehtivkuni kehtibkuni viimeinenvoimassaolo viimeinenvoimassaolopaiva datumisteka vrijedido "
     "vazido galiojaiki galiojimolaikas derigumatermins derigslidz dataexpirarii valabilpanala sonkullanma "
     "platido ervenyesseg ervenyessegilejarat veljado datumpoteka imerominialixis kadaluarsa berlakuhingga "
     "gildirtil gultigkeit giltigtom vervalt валиднадо валидендо дійснадо термiндiї терміндії समाप्तितिथि वैधतातिथि"},
    {kExpiry, kNameOnly | kAmbiguous, "In other languages: also of documents and offers",
     "vencimiento caducidad scadenza validade geldigtot waznado platnostdo lejarat lejaratidatum gyldigtil "
     "giltigtill voimassaoloaika voimassaolopaattyy voimassaasti masaberlaku tarikhluput ngayhethan "
     "срокдействия действительнадо 有効期限 有效期 有效期限 유효기간 만료일 תוקף تاريخالانتهاء วันหมดอายุ ημερομηνιαληξησ"},
    {kExpiry, kCompound | kAmbiguous, "\"card\": {\"expiry\": …}; also of tokens, offers, sessions",
     "expiry expiration exp expires validthrough expiring expire"},
    {kCryptogram, kLoose, "EMV; EMV 3-D Secure; PCI DSS 3.3",
     "cryptogram arqc arpc tavv cavv aevv spaaav ucaf ucafdata ucafauthenticationdata applicationcryptogram "
     "onlinepaymentcryptogram tokencryptogram paymentcryptogram emvcryptogram dsrpcryptogram transactioncryptogram "
     "cryptogramdata cavvvalue tavvvalue tokenauthenticationvalue accountholderauthenticationvalue "
     "cardholderauthenticationvalue secureauthdata authntcnval"},
    {kCryptogram, kNameOnly, "ISO 8583 field 55; EMV 3-D Secure",
     "iccdata emvdata chipdata iccrelateddata de55 threedscryptogram"},
    {kCryptogram, 0, "EMV 3-D Secure", "aav authenticationvalue"},
    {kCryptogram, kNameOnly | kAmbiguous, "EMV 3-D Secure; EMV Book 3; also transaction ids, terms, audio",
     "xid tc aac tav"},
    // ---- Bank accounts
    {kIban, kLoose, "ISO 13616; ISO 20022",
     "iban ibannumber ibancode ibannr ibanno"},
    {kAccount, kLoose, "Bank and payroll forms, NACHA, ISO 20022",
     "accountnumber accountno accountnum accnumber accno accountnbr acctnumber acctno acctnum acctnbr "
     "bankaccountnumber bankaccountno bankacct bban clabe sortcode accountnr debitaccountnumber "
     "creditaccountnumber accountidentification beneficiaryaccountnumber checkingaccount savingsaccount "
     "accountidentifier"},
    {kAccount, kLoose, "Forms in other languages",
     "kontonummer kontonr rekeningnummer numerodecompte numerocompte numerodecuenta numerocuenta "
     "cuentabancaria numeroconto numerodeconta numeroconta contabancaria numerkonta numerrachunku nrkonta "
     "hesapno hesapnumarasi kontonumero tilinumero"},
    {kAccount, kNameOnly | kLoose, "Forms in other scripts",
     "номерсчета расчетныйсчет 银行账号 银行账户 账号 口座番号 계좌번호 رقمالحساب"},
    {kAccount, kCompound | kPassThrough, "\"account\": {\"number\": …}",
     "account accounts acct bankaccount konto accountinfo bankdetails bankinfo bankinformation bankverbindung "
     "datosbancarios dadosbancarios coordonneesbancaires coordinatebancarie"},
    {kAccount, kNameOnly, "ISO 20022: Acct.Id.Othr.Id; SAP: LFBK, KNBK, PA0009",
     "othrid bankn"},
    {kNone, kCompound | kPassThrough, "ISO 20022: Acct.Id.Othr.Id",
     "othr"},
    {kAba, kLoose, "ABA routing number",
     "routingnumber routingno abanumber abarouting abaroutingnumber routingtransitnumber rtn aba routingnum"},
    {kAba, kCompound, "ABA routing number",
     "routing transitnumber"},
    // ---- Electronic mail and telephone
    {kEmail, kLoose, "SCIM, OIDC, ISO 20022, schema.org",
     "email emails emailaddress emailaddr emailaddresses mailaddress useremail emailadr correo courriel"},
    {kEmail, kLoose, "Forms in other languages",
     "correoelectronico adresseemail adressemail emailadresse emailadres adresemail eposta epost "
     "sahkoposti emailcim postaelettronica enderecoemail"},
    {kEmail, kNameOnly | kLoose, "Forms in other scripts",
     "почта электроннаяпочта 邮箱 电子邮箱 电子邮件 邮箱地址 电子邮件地址 郵件 電子郵件 メール "
     "メールアドレス 이메일 이메일주소 البريدالالكتروني"},
    {kEmail, 0, "vCard",
     "mail"},
    {kPhone, kLoose, "SCIM, OIDC, ISO 20022, schema.org, EMV 3-D Secure",
     "phonenumber phonenumbers telephone telephonenumber telephoneno mobilenumber mobileno mobilephone "
     "cellphone cellphonenumber cellnumber msisdn faxnumber contactnumber contactphone homephone workphone "
     "landline phoneno phonenum daytimephone eveningphone primaryphone secondaryphone phonenbr callbacknumber "
     "mobnb phnenb faxnb phonenb mobilenbr telephonenbr contactno contactnum telnumber telnum whatsappnumber "
     "mobilephonenumber mobilenum callingnumber callingpartynumber callednumber calledpartynumber diallednumber "
     "dialednumber originatingnumber terminatingnumber callingparty calledparty"},
    {kPhone, kLoose, "Forms in other languages",
     "telefon telefono telefonnummer handynummer mobiltelefon numerodetelephone numerotelephone telefonnr "
     "telefoonnummer mobielnummer telefoon numerotelefono numerodetelefono telefonomovil numerocelular "
     "telefonocelular telefonomobile telefone numerotelefone telemovel numertelefonu telefonkomorkowy "
     "nrtelefonu recapitotelefonico recapitotel telefonnumarasi telefonno ceptelefonu cepno mobilnummer mobilnr "
     "puhelinnumero puhelin matkapuhelin telefonszam nomortelepon nohp sodienthoai"},
    {kPhone, kLoose, "Slavic, Baltic, Finnic, Germanic and other languages in Latin letters",
     "mobitel brojtelefona brojmobitela mobilnitelefon telefonnicislo cislotelefonu cislomobilu telefonneslovo "
     "telefonskastevilka telefonnummeret mobiltelefonnummer mobilszam mobilnumber kannykka komorka "
     "talrunis talrunanumurs telefononumeris telefoninumber mobiiltelefon simanumer farsimi numartelefon "
     "numardetelefon nomorhp nomorhandphone nohandphone notelepon notelp dienthoai didong sodidong nambariyasimu "
     "arithmostilefonou "
     "tilefono kinitotilefono nomertelefona mobilnyytelefon"},
    {kPhone, kNameOnly | kLoose, "Forms in other scripts",
     "телефон номертелефона мобильныйтелефон мобильный τηλεφωνο κινητο 电话 电话号码 手机 手机号 手机号码 "
     "联系电话 電話 電話號碼 電話番号 携帯電話 携帯電話番号 携帯番号 전화 전화번호 휴대폰 휴대전화 "
     "휴대폰번호 연락처 الهاتف رقمالهاتف الجوال رقمالجوال טלפון เบอร์โทร เบอร์โทรศัพท์ โทรศัพท์ फोन"},
    {kPhone, 0, "Everyday names; SAP: KNA1, PA0006",
     "telf1 telf2 telnr phone phones tel telno fax whatsapp handy telephones movil celular tlf tlfnr"},
    {kPhone, kAmbiguous, "Everyday names that mean channels, apps, cells of a table, too",
     "mobile sms"},
    {kPhone, kAmbiguous | kDirect, "{\"cell\": {\"cid\": …}} is one of a network",
     "cell"},
    {kPhone, kNameOnly | kAmbiguous, "The same in other languages",
     "gsm mob mobilni mobilas kinito hp "
     "waid callerid phn anumber bnumber anum bnum callernum callednum callingnum"},
    {kPhone, kTextOnly, "Words in front of a number",
     "call called calling ring dial texted callback reach ph"},
    {kPhone, kNameOnly | kPassThrough, "FHIR: telecom[].value; jCard",
     "telecom telecoms"},
    // ---- Names of persons
    {kPersonName, kLoose, "OIDC, SCIM, FHIR, schema.org, vCard, PSP APIs, EMV 3-D Secure",
     "firstname lastname fullname middlename givenname givennames familyname surname maidenname forename "
     "nickname cardholdername nameoncard nameasoncard embossedname embossingname embossname accountholdername "
     "legalname preferredname mothersmaidenname mothermaidenname spousename phoneticgivenname "
     "phoneticfamilyname username secondname fname lname middleinitial beneficiaryname firstnames lastnames "
     "secondsurname personname preferredusername birthname familynameatbirth fathersname mothersname fathername "
     "mothername crdhldrnm holdername additionalname paternalsurname maternalsurname legalfirstname "
     "legallastname surnames forenames christianname emergencycontactname phoneticname firstnamephonetic "
     "lastnamephonetic firstnm lastnm fullnm mname patronymic screenname knownas aliasname customernm custname "
     "custnm personfullname shoppername recipientfullname othernames matchedname signaturename formername "
     "previousname orderingname orderingcustomername nokname subsname subsnm subjectfullname "
     "doctorname physicianname chnm embossline embossline1 embossedline1 embossingline embossingline1 latinname "
     "nativename suspectname legalnm cardholdernm nameonaccount frstnm lstnm attentionname attentionto "
     "attentionline givennm familynm surnm middlenm midnm paxname passengernm ccname"},
    {kPersonName, kLoose, "German, French, Spanish, Italian, Portuguese",
     "nachname vorname vornamen familienname geburtsname ansprechpartner kontaktperson tarjetahabiente "
     "kontoinhaber karteninhaber prenom prenoms nomdefamille nomfamille nomcomplet nomnaissance nomdejeunefille "
     "nomusage titulairedecarte titulaire apellido apellidos nombrecompleto nombreyapellidos nombreapellidos "
     "nombretitular nombrepila nombredepila primernombre segundonombre primerapellido segundoapellido "
     "apellidopaterno apellidomaterno cognome nomecompleto nomeecognome nomecognome intestatario sobrenome "
     "apelido nomemae nomedamae nomepai nometitular primeironome ultimonome razonsocialpersona kundenname "
     "zahlungspflichtiger titularcuenta titulardelacuenta titulartarjeta titulardelatarjeta titularcartao "
     "titulardocartao titolarecarta titolaredellacarta titolareconto intestatariocarta titulairecompte "
     "titulaireducompte titulairecarte titulairedelacarte nomclient nomduclient nombrecliente nombredelcliente "
     "nomecliente nomedocliente kreditkarteninhaber vollstandigername vollstaendigername nomepersona "
     "asiakkaannimi"},
    {kPersonName, kLoose, "Dutch, Nordic, Polish, Czech, Hungarian, Romanian, Turkish, Indonesian, Vietnamese",
     "voornaam voornamen achternaam tussenvoegsel roepnaam meisjesnaam volledigenaam fornavn etternavn "
     "efternavn fornamn efternamn fuldenavn fullstendignavn etunimi sukunimi kokonimi nazwisko "
     "imieinazwisko nazwiskorodowe imienazwisko jmeno prijmeni krestnijmeno keresztnev vezeteknev "
     "csaladnev teljesnev prenume numecomplet numefamilie soyad soyadi soyisim adsoyad adisoyadi "
     "isimsoyisim namalengkap namadepan namabelakang hoten hovaten "
     "kaarthouder naamkaarthouder kaarthoudernaam naamklant klantnaam rekeninghouder kortholder "
     "kortinnehaver kortinnehavare kortinhaltija kortinomistaja posiadaczkarty wlascicielkarty "
     "nazwaklienta drzitelkarty majitelkarty kartyabirtokos kartyatulajdonos titularcard titularulcardului "
     "kartsahibi kartsahibiadi kartuzerindekiisim musteriadi pemegangkartu chuthe"},
    {kPersonName, kLoose, "Croatian, Serbian, Slovene, Slovak, Baltic, Estonian, Icelandic, Albanian, Greek, Swahili",
     "prezime imeprezime imeiprezime priimek imeinpriimek imepriimek priezvisko menopriezvisko menoapriezvisko "
     "krstnemeno uzvards vardsuzvards vardsunuzvards pavarde vardaspavarde vardasirpavarde perekonnanimi "
     "eesjaperekonnanimi taisnimi fornafn eftirnafn kenninafn fulltnafn mbiemri emridhembiemri epitheto "
     "eponymo onomateponymo familiyaimya imyafamiliya otchestvo namakeluarga tendem tenhodem "
     "jinalakwanza jinalamwisho jinakamili "
     "vlasnikkartice imetnikkartice drzitelkartice kartesipasnieks korteleksavininkas kaardiomanik "
     "korthafi"},
    {kPersonName, kLoose, "Who holds a card or an account; family names",
     "kontohaver kortindehaver kontoindehaver kontoeier korteier kontoinnehavare kortinhaltijannimi "
     "tilinomistaja kontoomanik arveomanik kortelesturetojas saskaitossavininkas kartesturetajs "
     "kontaipasnieks posiadaczrachunku wlascicielkonta wlascicielrachunku majiteluctu drzitelucetu "
     "szamlatulajdonos csaladinev titularcont titularulcontului detinatorcard numedefamilie vlasnikracuna "
     "nositeljkartice imetnikracuna mbajtesikartes hesapsahibi geslachtsnaam titularconta titulardaconta "
     "intestatarioconto namapemegangkartu pemilikrekening namapemilikrekening tenchuthe chutaikhoan "
     "nextofkinname"},
    {kPersonName, kNameOnly | kLoose, "The same in other scripts",
     "владелецсчета держателькартки власникрахунку картодържател титулярнакарта титулярнасметка 口座名義人 户名 "
     "账户持有人 명의자 حاملالبطاقة صاحبالحساب בעלהכרטיס בעלהחשבון कार्डधारक เจ้าของบัญชี κατοχοσλογαριασμου"},
    {kPersonName, kNameOnly | kLoose, "Forms in other scripts",
     "фамилия фио собственоиме отчество полноеимя имяифамилия фамилияимя прізвище ініціали επωνυμο ονοματεπωνυμο 姓名 "
     "中文名 英文名 姓氏 持卡人 持卡人姓名 收货人 收件人 联系人姓名 真实姓名 氏名 お名前 名義人 "
     "カード名義人 フリガナ ふりがな 氏名カナ 漢字氏名 苗字 성명 성함 고객명 예금주 수취인 اسمالعائلة "
     "الاسمالاول الاسمالكامل اسمالعميل שםפרטי שםמשפחה שםמלא ชื่อจริง นามสกุล ชื่อนามสกุล उपनाम "
     "ชื่อผู้ถือบัตร ชื่อบนบัตร ผู้ถือบัตร 持卡人名称 カード名義 카드소유자 카드소유자명 اسمحاملالبطاقة שםבעלהכרטיס "
     "держателькарты владелецкарты имядержателя имядержателякарты власниккартки κατοχοσκαρτασ"},
    {kPersonName, kNameOnly, "One word that is a given or a family name",
     "nombres imie اللقب имя 姓 名 名字 名前 이름 성 імя اسم الاسم ชื่อ ονομα नाम ім'я"},
    {kPersonName, kDirect | kPerson, "PSP APIs",
     "cardholder accountholder signatory nextofkin cardholders accountholders crdhldr accountowner "
     "accountowners acctowner acctownr bankaccountowner"},
    // ---- Addresses
    {kAddress, kLoose, "ISO 20022 PostalAddress, FHIR, schema.org, vCard, OIDC, EMV 3-D Secure, Apple Pay, Google Pay",
     "addressline addressline1 addressline2 addressline3 addresslines streetaddress streetname "
     "streetnumber housenumber postaladdress postalcode postcode zipcode addr birthplace placeofbirth "
     "birthcity cityofbirth physicaladdress strtnm strtnb bldgnb bldgnm pstcd twnnm twnlctnnm dstrctnm "
     "adrline ctrysubdvsn postbx pstbx pstladr prvcofbirth townofbirth housenumberorname housename "
     "buildingname buildingnumber flatnumber unitnumber premise subpremise thoroughfare deliverypoint "
     "poboxnumber streetline streetline1 streetline2 addressstreet addressfull fulladdress "
     "formattedaddress extendedaddress postalcodezip postaddress hometown sublocality "
     "subadministrativearea dependentlocality sortingcode stateorprovince homeaddr custaddr placebirth "
     "adrln pstlcd postlcd streetnm addrln"},
    {kAddress, kLoose, "German, French, Spanish, Italian, Portuguese",
     "strasse strassenname hausnummer hausnr adresse anschrift wohnanschrift wohnadresse postleitzahl "
     "wohnort geburtsort strassehausnummer direccion domicilio direccionpostal codigopostal codpostal "
     "calle colonia lugarnacimiento lugardenacimiento codepostal adressepostale lieunaissance "
     "lieudenaissance rueetnumero indirizzo codicepostale luogonascita luogodinascita comuneresidenza "
     "endereco logradouro bairro cep localnascimento naturalidade morada"},
    {kAddress, kLoose, "Dutch, Nordic, Polish, Czech, Hungarian, Romanian, Turkish, Indonesian, Vietnamese",
     "adres straat straatnaam huisnummer woonplaats geboorteplaats gatuadress postadress bostadsadress "
     "gateadresse postnummer poststed postort katuosoite osoite postinumero postitoimipaikka kodpocztowy "
     "ulica miejsceurodzenia adreszamieszkania numerdomu ulice mistonarozeni adresa lakcim iranyitoszam "
     "szuletesihely adresadomiciliu codpostalro postakodu evadresi mahalle ilce dogumyeri alamat kodepos "
     "tempatlahir diachi"},
    {kAddress, kNameOnly | kLoose, "Forms in other scripts",
     "адрес улица почтовыйиндекс месторождения адресдоставки адреса διευθυνση οδοσ 地址 住址 家庭住址 "
     "收货地址 详细地址 通讯地址 街道 邮编 邮政编码 郵遞區號 住所 番地 郵便番号 都道府県 現住所 建物名 "
     "출생지 주소 도로명 우편번호 상세주소 العنوان الرمزالبريدي مكانالميلاد כתובת מיקוד ที่อยู่ "
     "รหัสไปรษณีย์ पता"},
    {kAddress, kLoose | kPerson, "PSP APIs: addresses that say whose they are",
     "mailingaddress billingaddress shippingaddress homeaddress residentialaddress deliveryaddress "
     "useraddress avsaddress avszip currentaddress previousaddress permanentaddress residenceaddress "
     "billaddr shipaddr billingaddr shippingaddr lieferadresse rechnungsadresse direccionfacturacion "
     "direccionenvio adresselivraison adressefacturation indirizzospedizione factuuradres bezorgadres"},
    {kAddress, kNameOnly | kPerson, "PSP APIs",
     "shipto billto billingcity shippingcity homecity billingzip shippingzip billingstreet shippingstreet "
     "billingpostcode shippingpostcode"},
    {kAddress, kNameOnly, "Everyday names",
     "address addresses postal street street1 street2 zip4 zip5 pobox plz apartment aptnumber addr1 addr2 "
     "postbox postfach rue rua avenida strada apt aptno"},
    {kAddress, kLoose, "UPU S42, OASIS xAL, PAF, libaddressinput, geocoders: parts of an address",
     "roadandnumber streetandnumber numberandstreet thoroughfarename dependentthoroughfare doubledependentlocality "
     "posttown subbuildingname subbuilding "
     "housenumberaddition houseno housenr flatno apartmentnumber apartmentno suitenumber "
     "buildingno streetno streetnr streetsuffix streetprefix streettype streetdirection addressline4 "
     "addressline5 addressline6 addrline1 addrline2 addrline3 addressdetails addresslinetwo addresslineone "
     "secondaryaddress postcodezip postcd mabuudien zippostcode zippostalcode postalzip zipplus4 postnumber"},
    {kAddress, 0, "Australian forms; \"groupcode\" ends so, too", "pcode"},
    {kAddress, kLoose, "Romance languages, as forms and postal services write it",
     "libellevoie numerovoie numerodevoie typevoie nomvoie nomdevoie complementadresse complementdadresse "
     "lieudit numerorue nomrue codepostalville adressedomicile adressepersonnelle adressecomplete boitepostale "
     "numeroexterior numeroexteriordomicilio numinterior numexterior numerointerior numeroportal "
     "codigopostalcp nombrecalle nombrecalleynumero calleynumero callenumero domiciliofiscal "
     "domicilioparticular direccioncompleta direccionresidencia entrecalles apartadopostal numerocivico "
     "viaenumero indirizzoresidenza indirizzodomicilio indirizzocompleto residenzaindirizzo caposcala "
     "codigopostalmorada freguesia concelho complementoendereco enderecocompleto enderecoresidencial "
     "numeroporta numarstrada adresadomiciliului blocscara "
     "viacivico viaecivico"},
    {kAddress, kLoose, "Germanic languages",
     "adresszusatz adresszeile adresszeile1 adresszeile2 strassennr strassennummer strassenummer "
     "strasseundhausnummer "
     "strassehausnr hausnummerzusatz plzort plzwohnort wohnsitz meldeadresse heimatadresse privatadresse "
     "ortsteil huisnummertoevoeging huisletter straatnummer straatenhuisnummer woonadres postadres bezoekadres "
     "vejnavn husnummer husnr gatenavn gatenummer gatuadressnummer folkbokforingsadress bostadsnummer "
     "hemadress hjemmeadresse boligadresse postnr postnrogby"},
    {kAddress, kLoose, "Slavic, Finnic, Baltic, Hungarian, Turkic languages",
     "nrdomu nrmieszkania nrlokalu numermieszkania numerlokalu adreszameldowania adreskorespondencyjny "
     "cislopopisne cisloorientacni castobce adresabydliste trvalybydliste trvalebydliste supisnecislo "
     "ulicaicislo postanskibroj kucnibroj adresastanovanja postnastevilka hisnastevilka ulicainbroj utca "
     "hazszam irszam irsz lakohely lakohelycim tartozkodasihely kotiosoite lahiosoite katuosoiterivi "
     "tanavanimi majanumber sihtnumber aadress pastakods pastokodas gyvenamojivieta gatvesnumeris iela "
     "dzivesvieta binano kapino daireno apartmanno sokakno acikadres adressatiri"},
    {kAddress, kLoose, "Asia and Africa in Latin letters",
     "jalan namajalan kelurahan kecamatan rtrw alamatlengkap alamatrumah alamatktp kodeposktp poskod barangay "
     "purok sonha sonhaduong duongpho phuongxa quanhuyen diachithuongtru diachinha noisinh housenostreet "
     "taluka tehsil jushobanchi banchi yubinbango todofuken doromyeongjuso"},
    {kAddress, kNameOnly | kLoose, "Streets in further scripts",
     "सड़क डाकपता"},
    {kAddress, kNameOnly | kLoose, "In other scripts: parts of an address",
     "номердома номерквартиры квартира домквартира адресрегистрации адреспроживания адресместажительства "
     "местожительства корпусстроение вулиця будинок номербудинку адресапроживання поштовийіндекс "
     "пощенскикод улицаиномер поштанскиброј αριθμοσοδου ταχυδρομικοσκωδικασ διευθυνσηκατοικιασ οδοσαριθμοσ "
     "町域 丁目 部屋番号 マンション名 建物名部屋番号 番地以下 勤務先住所 自宅住所 送付先住所 住所1 住所2 门牌号 门牌号码 居住地址 户籍地址 现居地址 家庭地址 所在街道 通訊地址 戶籍地址 聯絡地址 "
     "街道地址 도로명주소 지번주소 주소1 주소2 기본주소 자택주소 거주지주소 건물번호 الشارع اسمالشارع رقمالمبنى عنوانالسكن عنوانالمنزل رقمالشقة "
     "الحي רחוב מספרבית כתובתמגורים ถนน ตำบล บ้านเลขที่ แขวง ที่อยู่ปัจจุบัน घरकापता मकाननंबर पिनकोड "
     "联系地址 联络地址 聯繫地址 账单地址 帳單地址 연락처주소 청구지주소"},
    {kAddress, kNameOnly | kAmbiguous, "Also American depositary receipts",
     "adr"},
    {kAddress, kNameOnly, "Kount RIS: billing (B2) and shipping (S2)",
     "b2a1 b2a2 b2ci b2pc s2a1 s2a2 s2ci s2pc"},
    {kAddress, kNameOnly, "SAP: KNA1, LFA1, ADRC",
     "stras pstlz gbort"},
    {kPersonName, 0, "Practices; \"scriptname\" ends so, too", "ptname gpname"},
    {kPersonName, kNameOnly, "SAP: KNBK, PA0002",
     "koinh nachn vorna"},
    {kPersonName, kNameOnly | kAmbiguous, "Sanctions lists, vCard (FN), calls (CNAM); also of hosts, keys, companies",
     "alias aliases formattedname cnam callername"},
    {kPersonName, kNameOnly, "Kount RIS: the recipient",
     "s2nm"},
    {kPersonName, kNameOnly | kAmbiguous | kBareName, "Sanctions lists; also of companies and things",
     "primaryname"},
    {kPersonName, kNameOnly | kAmbiguous, "Short for first and last name; also of functions and lines",
     "fn ln gn fnt gnt addressname calleridname"},
    {kPersonName, kLoose, "Forms",
     "realname preparername preparedbyname"},
    {kPhone, kNameOnly, "Kount RIS",
     "b2pn s2pn"},
    {kNone, kPlace | kNameOnly, "Cities and regions in other languages: as the row before",
     "wojewodztwo powiat gmina judet localitate zupanija grad telepules megye linn vald maakond pilseta novads "
     "miestas savivaldybe ilceadi semt kabupaten provinsi bandar negeri huyen tinhthanh prefektur область "
     "район місто населенийпункт община νομοσ δημοσ περιοχη 省份 城市名 区县 市区 시도 읍면동 المحافظة المنطقة อำเภอ เขต जिला"},
    {kAddress, kNameOnly | kAmbiguous, "Russian, Greek: a postal code; also an index",
     "индекс τκ"},
    {kAddress, kNameOnly | kAmbiguous, "US ZIP, also an archive; Czech and Slovak",
     "zip psc cp"},
    {kNone, kPlace | kNameOnly, "City or town: an address only beside parts of one, or of a person",
     "city cityname town townname locality suburb village municipality ort stadt ville commune ciudad localidad "
     "municipio poblacion cidade localidade citta comune stad plaats gemeente miasto miejscowosc mesto obec "
     "varos oras sehir kota thanhpho kommune kunta kaupunki administrativearea district county город "
     "населенныйпункт населеномясто line1 line2 πολη 城市 市区町村 市町村 都市 도시 시군구 المدينة עיר จังหวัด शहर plaatsnaam "
     "woonplaatsnaam ortsname citynm ctynm cty nomcommune nomville nombreciudad postby kotikunta asuinkunta "
     "bostadskommun adminarea1 adminarea2 cap line3 line4"},
    {kNone, kPlace | kNameOnly, "Streets and towns in short words: an address only beside parts of one, or of a person",
     "gade gate gata gatve tanav sokak cadde odos voie veg vej mjesto poli paikkakunta tinh stadur qyteti "
     "sted frazione helyseg град ישוב יישוב 市 เมือง 시"},
    // ---- Birth
    {kBirthDate, kLoose, "OIDC, FHIR, schema.org, ISO 20022, vCard",
     "dateofbirth birthdate birthday dob birthdt birthyear yearofbirth birthmonth bday dateofbirthday "
     "foedselsdato foedselsdag dayofbirth monthofbirth dobday dobmonth dobyear "
     "dtofbirth birthdttm birthdatetime bdate "
     "brthdt dtofbrth brthdate dtbrth borntimestampvalue borndatevalue bornstringvalue"},
    {kBirthDate, kLoose, "Further languages",
     "tgllahir szuletesnap geboortedag"},
    {kBirthDate, kNameOnly | kLoose, "Further scripts",
     "датанараждане рожденадата"},
    {kBirthDate, kLoose, "Forms in other languages",
     "geburtsdatum geburtstag datenaissance datedenaissance fechanacimiento fechadenacimiento fechanac "
     "datadinascita datanascita datanascimento datadenascimento dtnascimento geboortedatum fodselsdato "
     "fodelsedatum syntymaaika dataurodzenia datumnarozeni szuletesidatum datanasterii dogumtarihi "
     "tanggallahir ngaysinh"},
    {kBirthDate, kLoose, "Slavic, Baltic, Finnic and other languages in Latin letters",
     "datumrodenja datumrodjenja datumrodenia datumnarodenia datumrojstva rojstnidatum dzimsanasdatums "
     "gimimodata sunniaeg sunnikuupaev faedingardagur faedingardagsetning datelindja datelindjes "
     "imerominiagennisis hmerominiagennisis datarozhdeniya datarozhdenia tarikhlahir tarehekuzaliwa "
     "tareheyakuzaliwa fodselsdag fodelsedag syntymapaiva"},
    {kBirthDate, kNameOnly | kLoose, "What is short for a date of birth; SAP: PA0002",
     "gbdat borndate gebdatum gebdat fechanacim nascimento datanasc datanasci dataur dataurodz natoail fecnac "
     "fecnacimiento fnacimiento dtnasc"},
    {kBirthDate, kNameOnly | kAmbiguous, "Short for a date of birth; also for a board, a business day",
     "bd"},
    {kBirthDate, kNameOnly | kAmbiguous, "French: born on the",
     "nele neele neel"},
    {kBirthDate, kNameOnly | kLoose, "Forms in other scripts",
     "датарождения датанародження деньрождения ημερομηνιαγεννησησ 出生日期 生日 出生年月 生年月日 誕生日 "
     "생년월일 생일 تاريخالميلاد תאריךלידה วันเกิด जन्मतिथि"},
    {kBirthDate, 0, "Also in front of a date in a text",
     "bornon geborenam natoil nataill natail nacidoel nacidael nascidoem nascidaem geborenop fodtden fodden"},
    {kBirthDate, kCompound, "\"birth\": {\"date\": …}",
     "born birth"},
    // ---- Numbers that a state gives
    {kSsn, kLoose, "USA, SSA",
     "ssn socialsecuritynumber socialsecurityno socialsecurity socsec ssnumber ssnum socialsecuritynum "
     "socialsecno ssno ssnfull fullssn socsecno ssnbr"},
    {kItin, 0, "USA, IRS",
     "itin individualtaxpayeridentificationnumber"},
    {kNino, 0, "UK, HMRC",
     "nino nationalinsurancenumber nationalinsurance ninumber nationalinsuranceno"},
    {kNhs, 0, "UK, NHS",
     "nhs nhsnumber nhsno nhsnum"},
    {kSin, kLoose, "Canada",
     "socialinsurancenumber socialinsurance sinnumber numeroassurancesociale numerodassurancesociale "
     "noassurancesociale"},
    {kSin, kAmbiguous, "Canada; also a sine",
     "sin"},
    {kAadhaar, 0, "India, UIDAI",
     "aadhaar aadhar adhaar aadhaarnumber uidai aadhaarno aadharnumber"},
    {kNif, 0, "Spain, Portugal",
     "nif dni dninumber nifnumber documentonacional"},
    {kNie, kAmbiguous, "Spain",
     "nie nienumber"},
    {kCodiceFiscale, 0, "Italy",
     "codicefiscale fiscalcode"},
    {kGermanTaxId, 0, "Germany",
     "steuerid steueridnr steueridentifikationsnummer idnr steuernummer"},
    {kPesel, 0, "Poland",
     "pesel peselnumber"},
    {kNationalId, kLoose, "KYC APIs, ISO 20022, forms",
     "nationalid nationalidnumber idcardnumber identitycard identitycardnumber identitynumber governmentid "
     "personalidnumber personnummer taxid taxidnumber taxidentificationnumber taxpayerid "
     "taxpayeridentificationnumber taxnumber nationalidentitynumber nationalidentificationnumber iddocumentnumber "
     "identitydocumentnumber idcardno idno govid governmentidnumber documentidnumber numerodocumento "
     "numerodedocumento numeroidentificacion natlid natlidno natlidnbr nationalidno natid govtid taxidentifier taxno"},
    {kNationalId, kLoose, "Identity cards in English and Central European languages",
     "identitycardno identitycardnr identitycardnum identityno identitynr personalausweis nrdowodu "
     "nrdowoduosobistego seriaidowodu obcanskyprukaz cisloobcanskehoprukazu cislodokladu "
     "cisloobcianskehopreukazu osobnaiskaznica brojosobne brojosobneiskaznice licnakarta "
     "brojlicnekarte osebnaizkaznica stevilkaosebneizkaznice szemelyazonosito szemelyigazolvany "
     "szemelyigazolvanyszam seriabuletin seriesinumar kartelidentiteti"},
    {kNationalId, 0, "KYC APIs, forms",
     "bsn curp cpf nric idcard citizenid personalcode personalnumber idnumber personalid "
     "nationalidentifier"},
    {kNationalId, kAmbiguous, "Italy, Vietnam; \"1257L\" is how a payroll of the United Kingdom taxes",
     "taxcode"},
    {kNationalId, kLoose, "What states call the numbers of detect/ids",
     "residentregistrationnumber taxfilenumber citizenservicenumber burgerservicenummer rijksregisternummer "
     "fodselsnummer "
     "henkilotunnus codnumericpersonal sozialversicherungsnummer rentenversicherungsnummer "
     "numerosecuritesociale"},
    {kNationalId, 0, "What states call the numbers of detect/ids, in short",
     "cnpj nir tckn tckimlik tckimlikno kimlikno tfn mynumber hkid nricfin cpr cprnumber cprnr hetu insz "
     "egn cnp rodnecislo isikukood asmenskodas personaskods oib jmbg emso amka ahv ahvnummer ahvnr "
     "kennitala ppsn ppsnumber rut cuit cuil cedula teudatzehut mykad emiratesid rnokpp snils nin bvn svnr "
     "rvnr zaid cnic cccd ghanacard civilid fnr fodselsnr personnr pinfl dpinumber residentidnumber iinnumber"},
    {kNationalId, kNameOnly, "What states call the numbers of detect/ids, which also are words; SAP: KNA1, PA0002",
     "stcd1 stcd2 inn nit residentid lnch cisloop contribuinte individualnumber"},
    {kNationalId, 0, "Indonesia",
     "nik"},
    {kNationalId, kAmbiguous, "Tax numbers whose short names mean other things, too",
     "tin rfc perid"},
    {kNationalId, kNameOnly | kLoose, "Forms in other scripts",
     "身份证 身份证号 身份证号码 证件号码 主民登録番号 주민등록번호 マイナンバー 個人番号 снилс инн иин рнокпп егн"},
    {kNone, kCompound, "\"tax\": {\"id\": …}",
     "tax national social"},
    {kPassport, kLoose, "ICAO 9303, KYC APIs",
     "pptno pptnumber traveldocno passport passportnumber passportno passportnum passportid reisepassnummer "
     "passportnr numeropasaporte "
     "numeropassaporto numerodepassaporte numeropasseport paspoortnummer"},
    {kPassport, kNameOnly | kLoose, "Forms in other scripts",
     "паспорт номерпаспорта 护照号码 护照号 护照 旅券番号 パスポート番号 여권번호"},
    {kPassport, 0, "ICAO 9303: the machine-readable zone",
     "mrz mrz1 mrz2 mrz3 mrzline mrzline1 mrzline2 mrzline3 mrzdata machinereadablezone"},
    {kPassport, kCompound, "\"passports\": [{\"number\": …}]",
     "passports reisepass"},
    {kDrivingLicence, kLoose, "KYC APIs, forms",
     "driverslicense driverlicense drivinglicence drivinglicense driverlicence driverslicence "
     "driverslicensenumber driverlicensenumber drivinglicencenumber drivinglicensenumber driverslicenceno "
     "driverslicenseno licensenumber licencenumber dlnumber fuehrerschein fuehrerscheinnummer fuhrerschein "
     "permisdeconduire permisconduire licenceno licenseno rijbewijsnummer permisoconducir"},
    {kDrivingLicence, kNameOnly, "KYC APIs",
     "dln dlno"},
    {kDrivingLicence, kTextOnly, "Words in front of a number",
     "dl"},
    {kMedicalRecord, kLoose, "HIPAA; FHIR",
     "medrecno medrecnumber chartnumber chartno medicalrecord medicalrecordnumber medicalrecordno healthrecord "
     "patientnumber healthinsurancenumber "
     "medicarenumber medicareid hicn healthcardnumber patientid"},
    {kMedicalRecord, 0, "HIPAA; FHIR",
     "mrn medicare mbi"},
    // ---- Machines
    {kIp, kLoose, "Logs, PSP APIs",
     "ipaddress ipaddr ipv4 ipv6 ipv4address ipv6address clientip remoteip sourceip remoteaddr "
     "xforwardedfor xrealip hostip deviceip srcip dstip ipaddresses userip serverip publicip privateip "
     "lastip loginip signupip deviceipaddress browserip shopperip customerip ip地址"},
    {kIp, kDirect, "Logs",
     "ip ips remoteaddress hostaddress serveraddress ipadresse"},
    {kMac, kLoose, "Logs, device management",
     "macaddress macaddr wifimac bluetoothmac bssid hwaddr ethernetaddress bluetoothaddress btaddress "
     "wlanmac wifimacaddress mac地址"},
    {kMac, 0, "Device management",
     "mac"},
    {kImei, kLoose, "GSMA",
     "imei imei1 imei2 imeinumber deviceimei imeisv imeino"},
    {kVin, 0, "ISO 3779",
     "vin vehicleidentificationnumber chassisnumber vinnumber"},
    {kDeviceOwner, kLoose | kThing, "Device management, wallets",
     "devicefriendlyname friendlydevicename devicedisplayname handsetname deviceowner devicename "
     "ownerdevicename registeredowner deviceownername bluetoothname devicenickname"},
    {kDeviceOwner, kLoose | kThing | kAmbiguous, "The same; also what a program says of a device",
     "devicelabel handsetlabel"},
    // ---- Secrets
    {kPassword, kLoose, "OWASP; configuration and log files",
     "password passwd passphrase passcode passwort onetimepassword onetimepasscode securityanswer "
     "userpwd dbpassword dbpwd userpass dbpass smtppass mysqlpass rootpass adminpass loginpass "
     "secretanswer newpassword oldpassword currentpassword"},
    {kPassword, kLoose, "Forms in other languages",
     "motdepasse motpasse contrasena senha kennwort wachtwoord losenord passord adgangskode salasana haslo "
     "heslo jelszo parola sifre katasandi matkhau"},
    {kPassword, kLoose, "Further languages",
     "parool salasona lozinka geslo slaptazodis fjalekalimi lykilord katalaluan nenosiri kodikosprosvasis"},
    {kPassword, kNameOnly | kLoose, "Further scripts",
     "парола كلمةالسر סיסמא गुप्तशब्द"},
    {kPassword, kNameOnly | kLoose, "Forms in other scripts",
     "пароль κωδικοσπροσβασησ 密码 口令 登录密码 密碼 パスワード 暗証番号 비밀번호 암호 كلمةالمرور סיסמה "
     "รหัสผ่าน पासवर्ड"},
    {kPassword, kNameOnly | kAmbiguous, "Short names that mean a directory, a ticket, a result, too",
     "pwd pw pass"},
    {kPassword, kAmbiguous, "One-time codes, as messages and wallets call them (EMVCo: ID&V)",
     "otp otpcode onetimecode onetimepin smscode smsotp smspin mtan tancode verificationcode activationcode "
     "smsverificationcode otpvalue codeotp codigosms codesms smskod"},
    {kPassword, kNameOnly | kAmbiguous, "One-time codes in other scripts",
     "验证码 驗證碼 短信验证码 動態密碼 动态密码 認証コード 確認コード 인증번호 인증코드 кодподтверждения одноразовыйкод одноразовыйпароль رمزالتحقق "
     "קודאימות รหัสยืนยัน maxacthuc maxacminh kodotp otpкод otpkod otpcod"},
    {kPassword, kTextOnly, "One-time codes",
     "einmalcode einmalpasswort best\200tigungscode best\200tigungskode aktivierungscode verifizierungscode "
     "codigodeverificacion c\200digodeverificaci\200n codedev\200rification codedeverification "
     "codedeconfirmation codicediverifica codigodeconfirmacion"},
    {kApiSecret, kLoose, "OAuth 2.0; configuration",
     "hmacsecret hmackey clientsecret apikey apisecret apitoken accesstoken refreshtoken authtoken bearertoken "
     "sessiontoken authtokenvalue accesstokenvalue refreshtokenvalue apitokenvalue sessiontokenvalue "
     "idtoken secretkey signingkey sharedsecret appsecret consumersecret totpsecret webhooksecret "
     "secretaccesskey"},
    {kApiSecret, kNameOnly, "Configuration",
     "secret secrets credential credentials"},
    {kApiSecret, kLoose, "Settings of builds and deployments",
     "sonartoken githubtoken gitlabtoken npmtoken slacktoken bottoken deploytoken personalaccesstoken jenkinstoken "
     "vaulttoken dockertoken herokutoken circletoken snyktoken codecovtoken pypitoken"},
    {kApiSecret, kNameOnly | kAmbiguous, "Keys of ciphers; also what names them",
     "encryptionkey decryptionkey masterkey aeskey cipherkey"},
    {kPrivateKey, kLoose, "PEM",
     "privatekey privatekeypem"},
    {kBtc, 0, "Bitcoin",
     "bitcoinaddress btcaddress"},
    {kEth, 0, "Ethereum",
     "ethaddress ethereumaddress"},
};
// clang-format on

}  // namespace gpsync::core::pii::vocabulary

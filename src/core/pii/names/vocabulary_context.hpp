// Words that are no PII themselves but say whose a value is, what else it may be, and how they stand to a
// word that is. vocabulary.hpp says how to read and extend it.
#pragma once

#include "core/pii/names/vocabulary.hpp"

namespace gpsync::core::pii::vocabulary {

using enum Detector;

// clang-format off
inline constexpr Row kContext[] = {
    // ---- Whose: a bare "name" beside or under such a word is a person's
    {kNone, kPerson, "PSP, KYC, HR, health and ticket APIs",
     "customer customers user users person persons people contact contacts applicant applicants holder "
     "consumer clients employee employees patient patients member members recipient recipients sender "
     "payer payee beneficiary beneficiaries guardian spouse subscriber billing shipping driver drivers "
     "guest guests passenger passengers individual individuals participant participants borrower buyer "
     "shopper kunde cliente parent child children resident insured owner owners cardmember purchaser "
     "traveller traveler student students signer identity billingcontact shippingcontact billingdetails "
     "shippingdetails father mother emergencycontact relative debtor creditor cust"},
    {kNone, kPerson, "PSP, KYC, HR, health and ticket APIs, second part",
     "requester requestor requesters receiver receivers ubo ubos beneficialowner beneficialowners "
     "ultimatebeneficialowner director directors signatories witness witnesses attendee attendees invitee "
     "invitees assignee reporter submitter approver reviewer supervisor colleague renter tenantcontact "
     "landlord lessee candidate candidates referee physician practitioner nurse caregiver dependent "
     "dependents dependant dependants sibling husband wife son daughter heir trustee donor donors caller "
     "callee speaker speakers player voter worker courier rider crew tourist visitor visitors prospect "
     "prospects policyholder policyholders insuredperson claimant claimants plaintiff defendant victim "
     "remitter orderingcustomer originator taxpayer cosigner coapplicant coborrower guarantor shareholder "
     "shareholders legalrepresentative authorizedsignatory primarycontact billingaddressee addressee "
     "profileowner registrant learner teacher customerinfo personaldata naturalperson "
     "partyperson clientinfo technician technicians nominee nominees salesrep salesreps salesperson "
     "legalrep legalreps "
     "nok suspect suspects reportedparty onbehalfof authorisedagent authorizedagent "
     "authorisedrepresentative authorizedrepresentative sharer sharers occupant occupants signedby "
     "acceptedby seenby treatedby examinedby collectedby witnessedby linemanager "
     "hiringmanager relationshipmanager jointholder nextofkincontact "
     "emergencycontacts contractpartner contractpartners vertragspartner enduser authoriseduser "
     "authorizeduser committer consignee consignees attn portador"},
    {kNone, kPerson, "ISO 20022",
     "dbtr cdtr ultmtdbtr ultmtcdtr initgpty cstmr pyer pyee ownr"},
    {kNone, kPerson, "ISCO-08: occupations that only people have",
     "cashier cashiers teller tellers clerk clerks receptionist salesman saleswoman saleslady shopkeeper "
     "waiter waiters waitress bartender barista chauffeur cabdriver busdriver deliveryman postman mailman "
     "adjuster adjusters claimsadjuster lossadjuster caseworker socialworker caremanager prescriber prescribers "
     "surgeon surgeons dentist dentists midwife midwives therapist therapists psychologist psychiatrist "
     "radiologist pathologist anesthetist anaesthetist anesthesiologist optometrist optician pharmacist "
     "pharmacists paramedic veterinarian clinician clinicians hospitalist attendingphysician lawyer lawyers "
     "attorney attorneys solicitor barrister paralegal bailiff juror jurors magistrate professor "
     "lecturer tutor tutors headteacher schoolmaster accountant bookkeeper actuary "
     "detective sergeant lieutenant constable policeofficer firefighter electrician electricians plumber "
     "plumbers carpenter locksmith foreman housekeeper hairdresser barber stylist beautician gardener nanny "
     "babysitter stewardess"},
    {kNone, kPerson, "Parties to a case, a contract, an estate, a marriage; relatives",
     "complainant complainants appellant petitioner deceased decedent testator bride groom newborn "
     "grandfather grandmother uncle aunt nephew niece cousin stepfather stepmother fiance fiancee widow widower "
     "roommate flatmate subtenant lodger occupier mortgagor depositor pupil pupils inmate inmates detainee "
     "refugee asylumseeker volunteer volunteers interviewee interviewer panelist founder founders cofounder "
     "chairman chairwoman chairperson ceo cfo minutetaker minutestaker notetaker payor oncall responder "
     "firstresponder organizer organizers organiser organisers orderingprovider "
     "referringprovider attendingprovider renderingprovider"},
    {kNone, kPerson | kAmbiguous | kQualifier, "Occupations that programs and devices have, too",
     "handler handlers exporter exporters importer importers dispatcher dispenser managers planner "
     "cleaner loader collector executor"},
    {kNone, kPerson | kAmbiguous | kQualifier | kDirect, "HR, identity providers; also programs",
     "manager"},
    {kNone, kPerson | kAmbiguous | kDirect, "Occupations that companies have, too",
     "auditor auditors inspector inspectors surveyor appraiser assessor examiner investigator underwriter notary "
     "consultant consultants advisor advisors adviser advisers analyst analysts engineer developer developers "
     "architect designer researcher instructor trainer mentor pilot captain officer judge mediator interpreter "
     "translator photographer performer mechanic mechanics dealer trader traders investor investors respondent "
     "respondents"},
    {kNone, kPerson, "Forms in other languages",
     "kundin inhaber empfaenger absender mitarbeiter patientin antragsteller versicherter beneficiaire "
     "destinataire expediteur salarie titular destinatario remitente empleado solicitante paciente "
     "beneficiario dipendente funcionario comprador klant werknemer ontvanger klient pracownik odbiorca "
     "nadawca musteri calisan kund anstalld ansatt asiakas клиент покупатель получатель отправитель "
     "пользователь сотрудник 申込者 회원 客户 用户 员工 患者 顧客 申請者 ご契約者 고객 사용자 환자 العميل "
     "empfanger ersatzempfanger ersatzempfaenger kaeufer kaufer noodcontact contactoemergencia "
     "contactodeemergencia notfallkontakt contatodeemergencia contattoemergenza personneaprevenir "
     "contacturgence coniuge marito moglie epoux epouse conjoint conyuge ehepartner ehemann ehefrau"},
    {kNone, kPerson, "Central and Eastern European languages, Vietnamese, Indonesian, Swahili",
     "demandeur demandeuse requerant "
     "klijent klijentica klienta korisnik kupac primatelj posiljatelj osoba uporabnik kupec prejemnik "
     "zakaznik zakaznice uzivatel majitel prijemce odesilatel odosielatel prijemca pouzivatel ugyfel vasarlo cimzett "
     "tulajdonos felhasznalo destinatar expeditor angajat klients klientas pircejs pirkejas isik kasutaja ostja "
     "kullanici alici gonderici khachhang nguoidung nguoinhan nguoigui benhnhan pelanggan nasabah penerima pengirim "
     "karyawan pasien mteja mgonjwa pelatis"},
    {kNone, kPerson | kAmbiguous | kPreposition | kValue, "{\"from\": {\"name\": …}}; \"phoneNumberFromCrm\"",
     "from"},
    {kNone, kPerson | kAmbiguous | kValue, "{\"to\": {\"name\": …}}; {\"field\": …, \"from\": …, \"to\": …}",
     "to"},
    {kNone, kPerson | kAmbiguous, "Also programs, senders of newsletters, places of a route",
     "createdby updatedby modifiedby sponsor sponsors agent traits client partyinfo editor party parties "
     "counterparty counterparties involvedparty"},
    {kNone, kPerson | kAmbiguous | kDirect, "Who wrote or decided, also a program; who drew a cheque, also a drawer",
     "author authors creator approvedby reviewedby performedby handledby processedby enteredby requestedby "
     "submittedby assignedto assignedby verifiedby authorizedby authorisedby preparedby checkedby confirmedby "
     "drawer drawee"},
    {kNone, kOrganisation | kThing, "Shops and other places that have an address of their own",
     "hotel airport filiale magasin negozio tienda loja sklep obchod uzlet butik butikk kauppa myymala magaza dukkan "
     "toko cuahang boutique winkel filial filiaal oddzial pobocka fiok sucursal succursale hotels museum "
     "museums venues theatre theater cinema airports "
     "venue stadium station stations pickuppoint pickuppoints pickupstore parcelshop parcellocker acceptor "
     "cardacceptor"},
    {kNone, kOrganisation | kThing, "PSP and KYC APIs: neither its name nor its address is a person's",
     "merchant merchants store stores shop shops branch branches outlet outlets bank banks issuer "
     "acquirer company companies "
     "organization organisation org vendor vendors supplier suppliers institution brand partner partners "
     "employer business corporation headquarters office offices agency seller sellers restaurant hospital "
     "clinic school university warehouse depot bureau pharmacy operator publisher carrier retailer "
     "manufacturer insurer creditbureau legalentity finins fininst fininstn dbtragt cdtragt instgagt "
     "instdagt mrchnt merch mrch mchnt firma unternehmen societe entreprise empresa azienda bedrijf sirket 公司 会社 회사 "
     "商户"},
    {kNone, kThing, "Things that have names and places of their own",
     "department departments division grade shift segment loyalty badge "
     "file files event events currency wallet os app apps application network "
     "category plan campaign feature table columns schema database channel environment cluster config "
     "module package method function class tag role group queue topic bucket phonemodel server host node "
     "web memory listen bind broker contract peer gateway proxy endpoint terminal atm domain browser "
     "location locations airline offer promotion program programme scheme color "
     "colour font icon image useragent origin destination departure arrival "
     "weather geo geoip geolocation geolocator place places poi route stop stops port harbour "
     "lockers locker movie song album artist track playlist book game team league job task "
     "step workflow pipeline project repo repository theme layout widget sheet worksheet camera sensor "
     "lens vehicle car fleet depotid course lesson exam subjectline asset folder directory archive map "
     "maps board site website space workspace sandbox container pod namespace deployment "
     "volume disk interface process thread metric dashboard report chart dataset survey menu recipe dish "
     "pet breed species planet"},
    {kNone, kThing | kCompound, "{\"document\": {\"type\": \"ID_CARD\", \"number\": …}}; also any other document",
     "document documents"},
    {kNone, kPassThrough | kValue, "Wrappers: what is above holds for what is below",
     "data payload"},
    {kNone, kPassThrough | kValue | kAmbiguous, "The same; also prose",
     "content"},
    {kNone, kPassThrough, "Wrappers",
     "components details detail info information profile profiles personal personalinfo personaldetails attributes "
     "properties primary list items entries records kyc claims userinfo"},
    {kNone, kPassThrough | kValue | kNameOnly, "DynamoDB, Avro, Firestore, XML in JSON",
     "stringvalue integervalue doublevalue timestampvalue datevalue booleanvalue arrayvalue mapvalue"},
    {kNone, kBlock | kPassThrough | kPerson | kAmbiguous, "OIDC, JWT: what a token says, read",
     "idtokenclaims accesstokenclaims tokenclaims jwtclaims idtokenpayload accesstokenpayload tokenpayload "
     "jwtpayload decodedtoken decodedidtoken decodedaccesstoken decodedjwt parsedtoken parsedjwt"},
    // ---- What else a value is
    {kNone, kVersion, "Software",
     "version versions ver firmware fw release sdk kernel bootloader semver oid section chapter clause "
     "osversion appversion sdkversion driverversion apiversion build buildnumber baseband protocol"},
    {kNone, kVersion, "The same in other languages",
     "patch patchlevel versione versiones versao wersja verze verzia versio versioon verzija surum версия "
     "версії версія バージョン 版本 版本号 버전 phienban versi εκδοση"},
    {kNone, kVersion | kTextOnly, "Software, in front of a number",
     "rv ios android windows chrome firefox safari edge python java php openssl linux ubuntu debian "
     "nginx postgresql chromium webkit opera ipados watchos tvos harmonyos"},
    {kNone, kVersion | kTextOnly | kValue, "\"v 1.2.3.4\" in a text; {\"k\": \"email\", \"v\": …}",
     "v"},
    {kNone, kTime | kQualifier | kValue, "A birth's date is in a member \"date\"",
     "date"},
    {kNone, kTime | kQualifier, "Times",
     "timestamp time created updated modified epoch ts millis nanos ttl duration datetime since until "
     "createdat updatedat expiresin expiresat iat nbf lastseen seconds minutes hours days ms uptime "
     "expired age period begin start end"},
    {kNone, kTime | kQualifier | kPreposition, "\"phoneNumberFromCrm\", where there is a phrase in front",
     "at on in"},
    {kNone, kOrder, "Numbers of orders, parcels, messages, amounts",
     "transaction txn trace request correlation message sequence seq offset lsn bytes amount price total "
     "balance cost fee rate points quantity qty coordinates case "
     "stan rrn arn mid iccid"},
    {kNone, kOrder | kPlace, "RFC 7946; a home's under an address, \"home_lat\"",
     "latitude longitude lat lon lng geolat geolng"},
    {kNone, kOrder | kDocument, "Numbers of documents and parcels; IATA air waybills",
     "order orders ordernumber orderid invoice tracking trackingnumber ticket reference ref shipment parcel "
     "receipt po rma shipmentid awb waybill purchaseorder deliverynote creditnote rechnung rechnungsnummer "
     "factura facture fattura fatura faktura lieferschein quotation voucher docket"},
    {kNone, kOrder | kArticle, "Numbers of goods and parts: GS1, ISBN, ISSN",
     "sku part partnumber partno serial serialnumber model modelnumber item itemnumber batch lot barcode "
     "catalog material materials materialnumber materialno matnr stockcode productnumber productno "
     "assettag assetnumber equipmentnumber componentnumber drawingnumber partnum partnr articleno articlenumber "
     "artikel artikelnummer supersededby supersedes"},
    {kNone, kOrder | kArticle | kLegible, "What only goods and works have: beside it a bare name is theirs",
     "gtin gtin13 gtin14 ean ean13 upc isbn isbn10 isbn13 issn asin bpm kcal millesime totaltracks tracknumber "
     "trackcount imdbid tmdbid"},
    {kNone, kThing | kArticle, "Goods: their numbers, and a best-before date that is no card's",
     "product products food foods drug drugs medicine medicines medication medications vaccine vaccines "
     "ingredient ingredients goods grocery consumable reagent"},
    {kNone, kThing | kOrder | kArticle, "Goods, also those of a newspaper",
     "article articles"},
    {kNone, kOrganisation | kOrder, "SAP: their number",
     "businesspartner businesspartnerid businesspartnernumber partnerid vendornumber suppliernumber"},
    {kNone, kThing | kDocument, "\"page 0123/45678\"",
     "page"},
    {kNone, kBlock | kThing, "Accounts of a ledger, a cloud, a program: numbers of nobody's money",
     "glaccount glaccounts glaccountnumber glaccountno ledgeraccount ledgeraccountnumber nominalaccount "
     "chartofaccounts awsaccount gcpaccount azureaccount cloudaccount storageaccount serviceaccount"},
    {kNone, kOrder | kQualifier, "Measures",
     "count counts distinctcounts nullcounts rowcounts totals cardinality length size score limit percentage "
     "ratio index rank weight width height"},
    {kNone, kIdentifier | kQualifier, "May be anybody's",
     "ids uuid guid"},
    {kNone, kIdentifier | kQualifier | kLabel, "{\"id\": \"email\", \"value\": …}",
     "id identifier"},
    {kNone, kHash | kQualifier, "Digests",
     "hash hashes digest checksum sha sha1 sha256 sha512 md5 etag fingerprint thumbprint signature commit "
     "nonce hmac sig crc crc32 hashed"},
    {kNone, kReference, "Never PII: EMVCo Payment Tokenisation, VTS, MDES; truncated numbers (PCI DSS 3.4)",
     "tokenuniquereference panuniquereference tokenreferenceid tokenreference paymentaccountreference par "
     "tokenrequestorid trid vprovisionedtokenid panenrollmentid vpanenrollmentid panreferenceid "
     "primaryaccountidentifier deviceaccountidentifier tokenrefid panrefid correlationid provisionid "
     "tokenid tokenuniqueref tur pur provisionedtokenid virtualcardidentifier tokenserviceproviderid "
     "walletaccountid pansuffix tokenpansuffix accountpansuffix "
     "primaryaccountnumbersuffix deviceaccountnumbersuffix first6 firstsix bin issueridnumber "
     "issueridentificationnumber "
     "cardbin"},
    {kNone, kReference | kFunding, "The same; of a card, so that a name beside it may be its holder's",
     "last4 lastfour last4digits lastfourdigits cardlast4 cardlastfour"},
    // ---- How a word stands to a phrase
    {kNone, kSuffix, "May follow without a change of meaning",
     "number no num nr nbr line plain digits entry original e164 international secondary home "
     "work main other alternate the long short int "
     "decimal double numberlong numberint numberdecimal"},
    {kNone, kSuffix | kValue, "The same; {\"loc\": [\"body\", \"cvv\"], \"input\": …}",
     "input actual submitted entered provided"},
    {kNone, kSuffix | kNameOnly, "Languages, scripts and systems that columns are named after",
     "c pc en de fr es it pt nl pl tr ru ja jp zh ko kr ar kana kanji romaji latin local native english db crm sap "
     "sf src tgt stg txt str varchar col nn lc uc ascii utf8 clean cleaned normalized normalised trimmed upper lower "
     "final keyword unmasked clear cleartext plaintext decrypted unencrypted th hi bn ta te vi bg el ka hy fa ur km "
     "lo ne si cs ro hu fi sv da et lv lt latn cyrl"},
    {kNone, kSuffix | kNameOnly | kBareName, "The same; LDAP (RFC 4519): {\"cn\": [\"Jane Roe\"], \"sn\": [\"Roe\"]}",
     "cn"},
    {kNone, kSuffix | kAmbiguous | kLabel, "\"FirstNameField\"; \"passwordField\" names a part of a form, too",
     "field fields"},
    {kNone, kSuffix | kValue | kAmbiguous, "{\"label\": …, \"text\": …}; also prose",
     "text"},
    {kNone, kSuffix | kValue, "Audit entries: {\"field\": …, \"old\": …, \"new\": …}",
     "old new current"},
    {kNone, kPassThrough | kValue, "The same; Debezium: {\"before\": {…}, \"after\": {…}}",
     "before after previous prev prior curr"},
    {kNone, kValue, "Jira: {\"field\": …, \"fromString\": …}; recognisers: {\"entity_group\": …, \"word\": …}",
     "fromstring tostring fromvalue tovalue word"},
    {kNone, kSuffix | kValue, "The sibling of a label",
     "value val raw values string cdata cdatasection answer answers stringval valuestring"},
    {kNone, kSuffix | kNameOnly | kLabel, "{\"n\": \"email\", \"v\": …}, {\"t\": \"email\", \"v\": …}",
     "n t l q"},
    {kNone, kSuffix | kValue | kNameOnly, "{\"q\": \"Mother's maiden name?\", \"a\": …}",
     "a"},
    {kNone, kThing | kLabel, "{\"attribute\": \"email\", \"value\": …}",
     "attribute column attr"},
    {kNone, kLabel, "{\"label\": \"email\", \"value\": …}; FHIR: system",
     "k key type system label attributename fieldname question property prop slot element entity entitygroup "
     "heading option param "
     "parameter variable prompt "
     "fieldid questiontext labeltext paramname coding loc"},
    {kNone, kSuffix | kAmbiguous | kLabel | kBareName | kNameOnly,
     "FHIR: {\"code\": …, \"display\": …}, {\"patient\": {\"display\": …}}; \"firstNameDisplay\"",
     "display"},
    {kNone, kLabel | kOfVerification, "FHIR: system, code; {\"cvv\": {\"code\": …}}",
     "code"},
    {kNone, kThing | kLabel, "KYC APIs: {\"documentType\": \"PASSPORT\", \"documentNumber\": …}",
     "documenttype doctype iddocumenttype identitydocumenttype"},
    {kNone, kValue, "The sibling of the row before",
     "documentnumber documentno docnumber docno documentid"},
    {kNone, kBareName | kLabel, "A person's where the object is one",
     "name"},
    {kNone, kBareName | kNameOnly, "A person's where the object is one",
     "nm sn displayname localname nom nome nombre navn namn naam accountname acctname accttitle nazwa isim nama nimi "
     "cardname displayvalue nameidentifier"},
    {kNone, kBareName | kNameOnly, "The same in Slavic, Baltic and Southern European languages, Turkish, Asia",
     "ime meno nume ad adi eesnimi vards vardas utonev onoma emri ten ho jina ism familia laqab "
     "име"},
    {kNone, kNamePart | kSuffix, "\"name\": {\"first\": …}",
     "first last given family middle maiden formatted full"},
    {kNone, kNamePart, "IVMS101",
     "primaryidentifier secondaryidentifier"},
    {kNone, kVersion | kThing, "npm, Maven, Python: {\"dependencies\": {\"jackson\": \"2.17.2.1\"}}",
     "dependencies devdependencies peerdependencies optionaldependencies engines"},
    {kNone, kOrganisation | kThing | kOrder, "{\"iata\": \"OPO\", \"name\": …}",
     "iata icao iatacode icaocode placeid googleplaceid poiid mmsi isrc"},
    {kNone, kThing | kLegible, "May stay in an address",
     "country countryname ctry"},
    {kNone, kThing | kCompound, "\"device\": {\"name\": …}",
     "device devices"},
    {kNone, kQualifier | kLegible, "May stay in an address",
     "countrycode countryisocode countryiso countryiso2 countryiso3 countryisoalpha2 countryisoalpha3 "
     "countrya2 countrya3 locale language langu lang timezone addresstype"},
    {kNone, kQualifier, "JSON Schema, OpenAPI: what a value may be",
     "minimum maximum exclusiveminimum exclusivemaximum multipleof minitems maxitems"},
    {kNone, kQualifier, "The value is about the PII; it is not the PII",
     "status verified flag required enabled format result match provider consent indicator ind "
     "present source reason level valid validated active verification validation check checked "
     "attempt attempts retry policy rule rules service services notification notifications preference "
     "preferences optin optout subscribed available supported allowed printed entrymode mode capability "
     "capabilities brandname counter tries outcome changed confirmed setting settings "
     "schemaname suffix prefix mask requirement scope hidden visible hint placeholder strength "
     "error errors"},
    {kNone, kQualifier | kThing, "The same; things that have names of their own",
     "template templates"},
    {kNone, kQualifier | kLabel, "{\"caption\": …, \"text\": …}",
     "caption title kind header schemename"},
    {kNone, kQualifier | kLabel, "JSON Patch: {\"path\": \"/holder/fullName\", \"value\": …}",
     "path"},
    {kNone, kQualifier | kOfVerification, "About the PII, or the PII: {\"pin\": {\"block\": …}}, \"cvvUsed\"",
     "block response used default matched existing known history"},
    {kNone, kQualifier, "The value is about the PII, second part",
     "subtitle description tooltip help vendorname carriername domainpart body inbox threads "
     "signaturetext pattern regex url urls uri link links href screen button view views picker "
     "dropdown checkbox headers footer style position sort sorting filter filters query search "
     "lookup lookups similarity confidence accuracy precision quality risk riskscore fraud bounce bounces "
     "bounced opens opened clicks clicked delivered delivery deliveries sent unsent queued campaignid "
     "reset recovery change changes expirydays rotation lifetime complexity minlength maxlength "
     "visibility privacy sharing permission permissions access encryption algorithm encoding charset "
     "collation normalization tokenization standard standards usage use uses unused states statuses "
     "stage missing empty null nullable defaults exists duplicate duplicates unique "
     "uniqueness bar pool range ranges blocks allocation casing separator delimiter prefixes area "
     "areacode extension ext cc dialcode callingcode bill bills credit charge charges logins signup "
     "signups registration subscription subscriptions alert alerts reminder reminders marketing newsletter "
     "opt out taken fail failed failure success subject decoder set unset frequency"},
    {kNone, kPreposition, "\"ssnOfApplicant\": what is in front of it decides",
     "of for with per via"},
    {kNone, kNegator | kOfVerification, "Before a phrase: the value is not the PII itself; \"pinEncrypted\"",
     "encrypted enc"},
    {kNone, kNegator | kPreposition, "\"usersWithoutEmail\"",
     "without"},
    {kNone, kNegator, "Before a phrase: the value is not the PII itself",
     "masked has is allow enable require truncated partial obfuscated redacted anonymized "
     "anonymised supports should needs verify hide show max min tokenized tokenised accepts can "
     "requires updates"},
    {kNone, kBlock | kThing, "Ends in a phrase but is none",
     "iphone smartphone headphone headphones microphone gramophone mailbox mailserver ipad ipod hotmail "
     "gmail macos macbook pinterest spin filename eventname classname pathname domainname "
     "typename tablename bankname merchantname productname appname columnname keyname dirname codename "
     "servername modelname nodename storename issuername rolename groupname filepath addressbook phonebook "
     "webaddress memoryaddress topicname companyname businessname schoolname hospitalname hotelname "
     "teamname projectname servicename campaignname planname streetview zipfile boardingpass skipass "
     "seasonpass daypass buspass workdir firstparty mappin pushpin gpiopin cellvalue cellid useragentname "
     "文件名字 产品名字 项目名字 ファイル名前 상품이름 파일이름"},
    {kNone, kBlock | kOrder, "For how long somebody has lived there",
     "monthsataddress yearsataddress timeataddress monthsatcurrentaddress yearsatcurrentaddress "
     "timeatcurrentaddress monthsatresidence yearsatresidence"},
    // ---- One-time codes
    {kPassword, kAmbiguous, "One-time codes in further languages, as messages with them say",
     "logincode signincode 2facode mfacode twofactorcode authenticationcode mobiletan smstan pushtan "
     "codicediconferma kodweryfikacyjny kodsms onaykodu kodeverifikasi kodeotp verificatiecode inlogcode "
     "bevestigingscode verifieringskod bekreftelseskode engangskode vahvistuskoodi kodverifikasi kodpengesahan"},
    {kPassword, kTextOnly, "The same, in front of a number; letters beyond ASCII as they are folded",
     "yourcode yourotp confirmationcode ihrcode deincode ihrtan ihretan deinetan votrecode "
     "tucodigo sucodigo tuc\200digo suc\200digo tuocodice seucodigo seuc\200digo "
     "c\200digodeverifica\200\200o tw\200jkod do\200rulamakodu do\200rulamakodunuz onaykodunuz "
     "ov\200\200ovac\200k\200d uwcode jouwcode jecode dinkod dinkode eng\200ngskod bekr\200ftelseskode "
     "ellen\200rz\200k\200d m\200x\200cnh\200n"},
};
// clang-format on

}  // namespace gpsync::core::pii::vocabulary

#include "core/pii/names/name_words.hpp"

#include <array>

namespace gpsync::core::pii {

namespace {

struct Group {
    Detector detector;
    uint32_t flags;
    std::string_view words;  // separated by single blanks
};

using enum Detector;

// Every word once. Words of other languages are those seen on forms of payment companies.
constexpr Group kGroups[] = {
    // ---- cards
    {kPan, kLoose,
     "pan cardnumber cardno cardnum cardnbr ccnumber ccnum ccno creditcardnumber creditcardno creditcardnum "
     "debitcardnumber debitcardno paymentcardnumber cardpan primaryaccountnumber kartennummer "
     "numerocarte numerotarjeta numerodetarjeta cardaccountnumber"},
    {kPan, 0, "maestro"},
    {kPan, kFunding | kLoose,
     "fpan fundingpan accountpan acctpan realpan originalpan cardholderpan clearpan plainpan rawpan"},
    {kPan, kCompound | kThing, "card cards creditcard debitcard"},
    {kPan, kTextOnly, "visa mastercard amex karte carte tarjeta"},
    {kDevicePan, kToken | kLoose,
     "dpan devicepan tokenpan deviceaccountnumber deviceprimaryaccountnumber applicationprimaryaccountnumber "
     "tokennumber tokenvalue tokenaccountnumber networktokennumber digitizedpan digitalpan devicecardnumber "
     "devicetoken mpan vpan tokenizedpan"},
    {kDevicePan, kToken, "networktoken paymenttoken dan"},
    {kNone, kToken | kThing | kIdentifier,
     "token tokens tokeninfo tokendata tokendetails provisionedtoken devicetokeninfo"},
    {kTrack, kLoose,
     "track1 track2 track3 track1data track2data track3data trackdata tracktwo trackone magstripe "
     "magstripedata "
     "magneticstripe magneticstripedata swipedata track2equivalentdata track1discretionarydata"},
    {kCvv, kLoose,
     "cvv cvv2 cvc cvc2 csc cav2 icvv dcvv dcvv2 dtvv cvn cvn2 cardsecuritycode cardverificationvalue "
     "cardverificationcode "
     "cardverificationnumber cvvcode cvccode cardcvv cardcvc cvvnumber cvcnumber cardcid cid2"},
    {kCvv, 0, "securitycode verificationvalue"},
    {kPin, kLoose, "pinblock encryptedpinblock encpinblock pinnumber cardpin pinoffset atmpin upipin mpin"},
    {kPin, 0, "pin pincode pvv"},
    {kExpiry, kLoose,
     "expirydate expirationdate expdate expmonth expyear expirymonth expiryyear expirationmonth "
     "expirationyear "
     "cardexpiry cardexpiration cardexpirydate cardexpirationdate cardexp panexpiry panexpirationdate "
     "accountpanexpiry "
     "validthru goodthru expirymonthyear dateofexpiry expmonthyear expmmyy"},
    {kExpiry, kCompound, "expiry expiration exp expires validthrough expiring"},
    {kCryptogram, kLoose,
     "cryptogram arqc tavv cavv ucaf ucafdata applicationcryptogram onlinepaymentcryptogram tokencryptogram "
     "paymentcryptogram emvcryptogram dsrpcryptogram transactioncryptogram cryptogramdata cavvvalue "
     "tavvvalue "
     "tokenauthenticationvalue accountholderauthenticationvalue cardholderauthenticationvalue"},
    {kCryptogram, kNameOnly,
     "aav iccdata emvdata chipdata iccrelateddata de55 authenticationvalue threedscryptogram"},
    // ---- banks
    {kIban, kLoose, "iban ibannumber ibancode ibannr"},
    {kAccount, kLoose,
     "accountnumber accountno accountnum accnumber accno accountnbr acctnumber acctno acctnum acctnbr "
     "bankaccountnumber "
     "bankaccountno "
     "bankacct bban kontonummer rekeningnummer clabe sortcode accountnr numerodecompte numerodecuenta "
     "debitaccountnumber"},
    {kAccount, kCompound | kPassThrough, "account accounts acct bankaccount konto"},
    {kAba, kLoose,
     "routingnumber routingno abanumber abarouting abaroutingnumber routingtransitnumber rtn aba routingnum"},
    {kAba, kCompound, "routing transitnumber"},
    // ---- people
    {kEmail, kLoose,
     "email emails emailaddress emailaddr emailaddresses mailaddress useremail correo courriel"},
    {kEmail, 0, "mail"},
    {kPhone, kLoose,
     "phonenumber phonenumbers telephone telephonenumber telephoneno mobilenumber mobileno mobilephone "
     "cellphone "
     "cellphonenumber cellnumber msisdn faxnumber contactnumber contactphone homephone workphone landline "
     "phoneno "
     "phonenum telefon telefono telefonnummer handynummer daytimephone eveningphone primaryphone "
     "secondaryphone "
     "mobiltelefon numerodetelephone phonenbr callbacknumber"},
    {kPhone, 0, "phone phones tel telno mobile cell fax whatsapp handy sms telephones"},
    {kPhone, kTextOnly, "call called calling ring dial texted callback reach tlf ph"},
    {kPersonName, kLoose,
     "firstname lastname fullname middlename givenname givennames familyname surname maidenname forename "
     "nickname "
     "cardholdername nameoncard embossedname embossingname embossname accountholdername legalname "
     "preferredname "
     "mothersmaidenname mothermaidenname spousename phoneticgivenname phoneticfamilyname nachname vorname "
     "prenom "
     "apellido apellidos cognome username secondname fname lname middleinitial accountname beneficiaryname "
     "firstnames lastnames secondsurname personname"},
    {kPersonName, kDirect | kPerson, "cardholder accountholder signatory nextofkin"},
    {kAddress, kLoose,
     "addressline addressline1 addressline2 addressline3 addresslines streetaddress streetname streetnumber "
     "housenumber "
     "postaladdress "
     "postalcode postcode zipcode strasse hausnummer adresse direccion indirizzo addr "
     "postleitzahl birthplace placeofbirth birthcity cityofbirth "
     "physicaladdress"},
    {kAddress, kLoose | kPerson,
     "mailingaddress billingaddress shippingaddress homeaddress residentialaddress deliveryaddress "
     "useraddress avsaddress avszip currentaddress previousaddress permanentaddress"},
    {kAddress, kNameOnly | kPerson, "shipto billto billingcity shippingcity homecity billingzip shippingzip"},
    {kAddress, kNameOnly,
     "address addresses postal street street1 street2 zip zip4 zip5 pobox plz apartment aptnumber "
     "addr1 addr2"},
    {kBirthDate, kLoose,
     "dateofbirth birthdate birthday dob geburtsdatum datenaissance datedenaissance fechanacimiento "
     "fechadenacimiento birthdt "
     "birthyear yearofbirth birthmonth"},
    {kBirthDate, kCompound, "born birth"},
    // ---- numbers a state gives
    {kSsn, kLoose,
     "ssn socialsecuritynumber socialsecurityno socialsecurity socsec ssnumber ssnum socialsecuritynum"},
    {kItin, 0, "itin individualtaxpayeridentificationnumber"},
    {kNino, 0, "nino nationalinsurancenumber nationalinsurance ninumber nationalinsuranceno"},
    {kNhs, 0, "nhs nhsnumber nhsno nhsnum"},
    {kSin, 0, "sin socialinsurancenumber socialinsurance sinnumber"},
    {kAadhaar, 0, "aadhaar aadhar adhaar aadhaarnumber uidai aadhaarno aadharnumber"},
    {kNif, 0, "nif dni dninumber nifnumber documentonacional"},
    {kNie, 0, "nie nienumber"},
    {kCodiceFiscale, 0, "codicefiscale fiscalcode"},
    {kGermanTaxId, 0, "steuerid steueridnr steueridentifikationsnummer idnr steuernummer"},
    {kPesel, 0, "pesel peselnumber"},
    {kNationalId, kLoose,
     "nationalid nationalidnumber idcardnumber identitycard identitycardnumber identitynumber governmentid "
     "personalidnumber personnummer taxid taxidnumber taxidentificationnumber taxpayerid "
     "taxpayeridentificationnumber taxnumber nationalidentitynumber nationalidentificationnumber"},
    {kNationalId, 0,
     "tin bsn curp cpf nric taxcode idcard citizenid personalcode personalnumber idnumber personalid "
     "nationalidentifier rfc"},
    {kNationalId, kLoose,
     "residentregistrationnumber taxfilenumber burgerservicenummer rijksregisternummer fodselsnummer "
     "henkilotunnus "
     "codnumericpersonal sozialversicherungsnummer rentenversicherungsnummer numerosecuritesociale"},
    {kNationalId, 0,
     "cnpj nir tckn tckimlik tckimlikno kimlikno tfn mynumber hkid nricfin cpr cprnumber cprnr hetu insz "
     "egn "
     "cnp rodnecislo isikukood asmenskodas personaskods oib jmbg emso amka ahv ahvnummer ahvnr kennitala "
     "ppsn "
     "ppsnumber rut cuit cuil cedula teudatzehut mykad emiratesid rnokpp snils nin bvn svnr rvnr zaid"},
    {kNationalId, kNameOnly, "inn nik nit residentid"},
    {kNone, kCompound, "tax national social"},
    {kPassport, kLoose, "passport passportnumber passportno passportnum passportid reisepassnummer"},
    {kPassport, kCompound, "passports reisepass"},
    {kPassport, 0, "mrz mrz1 mrz2 mrz3 mrzline mrzline1 mrzline2 mrzline3 mrzdata machinereadablezone"},
    {kDrivingLicence, kLoose,
     "driverslicense driverlicense drivinglicence drivinglicense driverlicence driverslicence "
     "driverslicensenumber "
     "driverlicensenumber drivinglicencenumber drivinglicensenumber driverslicenceno driverslicenseno "
     "licensenumber licencenumber dlnumber fuehrerschein "
     "fuehrerscheinnummer permisdeconduire licenceno licenseno"},
    {kDrivingLicence, kNameOnly, "dln dlno"},
    {kDrivingLicence, kTextOnly, "dl"},
    {kMedicalRecord, kLoose,
     "medicalrecord medicalrecordnumber medicalrecordno healthrecord patientnumber healthinsurancenumber "
     "medicarenumber medicareid hicn healthcardnumber patientid"},
    {kMedicalRecord, 0, "mrn medicare mbi"},
    // ---- machines
    {kIp, kLoose,
     "ipaddress ipaddr ipv4 ipv6 ipv4address ipv6address clientip remoteip sourceip remoteaddr xforwardedfor "
     "xrealip hostip deviceip srcip dstip ipaddresses userip serverip publicip privateip lastip loginip "
     "signupip "
     "deviceipaddress"},
    {kIp, kDirect, "ip ips remoteaddress hostaddress serveraddress"},
    {kMac, kLoose,
     "macaddress macaddr wifimac bluetoothmac bssid hwaddr ethernetaddress bluetoothaddress btaddress "
     "wlanmac wifimacaddress"},
    {kMac, 0, "mac"},
    {kImei, kLoose, "imei imei1 imei2 imeinumber deviceimei imeisv imeino"},
    {kVin, 0, "vin vehicleidentificationnumber chassisnumber vinnumber"},
    {kDeviceOwner, kLoose | kThing,
     "deviceowner devicename ownerdevicename registeredowner deviceownername bluetoothname devicenickname"},
    // ---- secrets
    {kPassword, kLoose,
     "password passwd passphrase passcode passwort motdepasse contrasena otp onetimepassword onetimepasscode "
     "securityanswer"},
    {kPassword, kNameOnly, "pwd pass"},
    {kApiSecret, kLoose,
     "clientsecret apikey apisecret apitoken accesstoken refreshtoken authtoken bearertoken sessiontoken "
     "idtoken "
     "secretkey signingkey sharedsecret appsecret consumersecret totpsecret webhooksecret secretaccesskey"},
    {kApiSecret, kNameOnly, "secret secrets credential credentials"},
    {kPrivateKey, kLoose, "privatekey privatekeypem"},
    // ---- wallets
    {kBtc, 0, "bitcoinaddress btcaddress"},
    {kEth, 0, "ethaddress ethereumaddress"},

    // ---- whose
    {kNone, kPerson,
     "customer customers user users person persons people contact contacts applicant applicants holder "
     "consumer client clients employee employees patient patients member members recipient sender payer "
     "payee "
     "beneficiary beneficiaries guardian spouse subscriber billing shipping driver guest guests passenger "
     "passengers "
     "individual participant borrower buyer shopper kunde cliente parent child resident insured owner owners "
     "cardmember purchaser traveller traveler student signer identity billingcontact shippingcontact "
     "billingdetails "
     "father mother emergencycontact relative debtor creditor"},
    {kNone, kOrganisation | kThing,
     "merchant merchants store stores shop branch bank banks issuer acquirer company organization "
     "organisation vendor "
     "supplier institution brand partner employer business corporation headquarters office agency"},
    {kNone, kThing,
     "product products file files event events city region currency wallet os app apps application "
     "network category plan campaign feature column table schema database attribute "
     "channel environment cluster config module package method function class tag role group queue topic "
     "bucket "
     "phonemodel server host node web memory listen bind broker contract peer gateway proxy "
     "endpoint "
     "terminal atm domain browser location airport station airline hotel offer promotion program programme "
     "scheme "
     "color colour font icon image document documenttype"},
    {kNone, kPassThrough | kValue, "data value content payload"},
    {kNone, kPassThrough,
     "details detail info information profile personal personalinfo personaldetails attributes properties "
     "primary list items "
     "entries records kyc"},
    // ---- what the value is
    {kNone, kVersion,
     "version versions ver firmware fw release sdk kernel bootloader semver oid section chapter clause "
     "osversion appversion "
     "sdkversion driverversion apiversion build buildnumber baseband protocol"},
    {kNone, kVersion | kTextOnly,
     "v rv ios android windows chrome firefox safari edge python java php openssl linux ubuntu debian nginx "
     "postgresql "
     "chromium webkit opera ipados watchos tvos harmonyos"},
    {kNone, kTime | kQualifier,
     "timestamp time date at created updated modified epoch ts millis nanos ttl duration datetime since "
     "until on createdat "
     "updatedat expiresin expiresat iat nbf lastseen seconds minutes hours days ms uptime"},
    {kNone, kOrder,
     "order orders ordernumber orderid invoice tracking trackingnumber ticket sku part partnumber serial "
     "serialnumber model item batch lot "
     "reference ref transaction txn trace request correlation message sequence seq shipment parcel barcode "
     "gtin ean upc isbn "
     "offset lsn bytes amount price total balance cost fee rate points quantity qty latitude longitude lat "
     "lon lng "
     "coordinates receipt case po rma stan rrn arn mid iccid shipmentid awb waybill catalog"},
    {kNone, kOrder | kQualifier,
     "count length size score limit percentage ratio index rank weight width height"},
    {kNone, kIdentifier | kQualifier, "id ids uuid guid identifier"},
    {kNone, kHash | kQualifier,
     "hash hashes digest checksum sha sha1 sha256 sha512 md5 etag fingerprint thumbprint signature commit "
     "nonce hmac sig crc crc32 hashed"},
    {kNone, kReference,
     "tokenuniquereference panuniquereference tokenreferenceid tokenreference paymentaccountreference par "
     "tokenrequestorid trid vprovisionedtokenid panenrollmentid vpanenrollmentid panreferenceid "
     "primaryaccountidentifier "
     "deviceaccountidentifier tokenrefid panrefid correlationid provisionid tokenid tokenuniqueref tur pur "
     "provisionedtokenid virtualcardidentifier tokenserviceproviderid walletaccountid "
     "last4 lastfour last4digits lastfourdigits pansuffix tokenpansuffix accountpansuffix "
     "primaryaccountnumbersuffix "
     "deviceaccountnumbersuffix cardlast4 cardlastfour first6 firstsix bin iin cardbin"},
    // ---- how a word stands to a phrase
    {kNone, kSuffix,
     "number no num nr nbr text line plain digits formatted full field fields string entry input original "
     "e164 "
     "international secondary home work main other alternate current actual submitted entered provided new "
     "old the"},
    {kNone, kSuffix | kValue, "val raw values"},
    {kNone, kLabel, "key type system label code attributename fieldname question property"},
    {kNone, kBareName | kLabel, "name names"},
    {kNone, kNamePart | kSuffix, "first last given family middle maiden"},
    {kNone, kThing | kLegible, "country countryname"},
    {kNone, kThing | kCompound, "device devices"},
    {kNone, kQualifier | kLegible, "countrycode locale language lang timezone addresstype"},
    {kNone, kQualifier,
     "status verified flag required enabled format result match matched provider consent indicator ind "
     "present "
     "kind source reason level valid validated active verification validation check checked attempt attempts "
     "retry "
     "policy rule rules service services notification notifications preference preferences optin optout "
     "subscribed "
     "available supported allowed printed entrymode mode capability capabilities brandname counter tries "
     "response outcome changed confirmed setting settings template templates schemaname suffix prefix mask "
     "requirement scope step expired hidden visible hint placeholder strength error errors"},
    {kNone, kNegator,
     "masked has is allow enable require truncated partial encrypted enc obfuscated redacted anonymized "
     "anonymised "
     "supports should needs without verify hide show max min tokenized tokenised"},
    {kNone, kBlock | kThing,
     "iphone smartphone headphone headphones microphone gramophone mailbox mailserver ipad ipod hotmail "
     "gmail "
     "macos macbook pinterest spin filename hostname eventname classname pathname domainname typename "
     "tablename "
     "bankname merchantname productname appname columnname keyname dirname codename servername modelname "
     "nodename "
     "storename issuername rolename groupname filepath addressbook phonebook webaddress memoryaddress "
     "topicname"},
};

constexpr size_t kSlots = 8192;

// Most look-ups are of words that are no entries: a bit for each hash decides, from eight kilobytes that stay
// in the processor's cache. The slots take 200.
constexpr size_t kHashBits = 65536;

struct Table {
    std::array<Word, kSlots> slots{};
    std::array<uint64_t, kHashBits / 64> present{}, naming{};
    size_t count = 0;
    bool unique = true, short_enough = true;
};

constexpr uint32_t hash_of(std::string_view text) {
    WordHash hash;
    for (char c : text) hash.add(c);
    return hash.value();
}

constexpr void insert(Table& table, Word word) {
    const uint32_t hash = hash_of(word.text);
    size_t at = hash % kSlots;
    for (; !table.slots[at].text.empty(); at = (at + 1) % kSlots)
        if (table.slots[at].text == word.text) table.unique = false;
    table.present[hash % kHashBits / 64] |= uint64_t{1} << hash % 64;
    if (word.detector != Detector::kNone && (word.flags & kNameOnly) == 0)
        table.naming[hash % kHashBits / 64] |= uint64_t{1} << hash % 64;
    table.short_enough &= word.text.size() <= kLongestWord;
    table.slots[at] = word;
    ++table.count;
}

constexpr Table make_table() {
    Table table;
    for (const Group& group : kGroups) {
        std::string_view rest = group.words;
        while (!rest.empty()) {
            const size_t end = rest.find(' ') == std::string_view::npos ? rest.size() : rest.find(' ');
            insert(table, {rest.substr(0, end), group.detector, group.flags});
            rest.remove_prefix(end == rest.size() ? end : end + 1);
        }
    }
    return table;
}

constexpr Table kTable = make_table();
static_assert(kTable.unique, "a word is in two groups");
static_assert(kTable.short_enough, "raise kLongestWord");
static_assert(kTable.count < kSlots / 4, "the table gets slow");

}  // namespace

bool may_be_word(uint32_t hash) {
    return (kTable.present[hash % kHashBits / 64] >> hash % 64 & 1) != 0;
}

bool may_name_number(uint32_t hash) {
    return (kTable.naming[hash % kHashBits / 64] >> hash % 64 & 1) != 0;
}

const Word* find_word(std::string_view lower, uint32_t hash) {
    if (!may_be_word(hash)) return nullptr;
    for (size_t at = hash % kSlots; !kTable.slots[at].text.empty(); at = (at + 1) % kSlots)
        if (kTable.slots[at].text == lower) return &kTable.slots[at];
    return nullptr;
}

const Word* find_word(std::string_view lower) {
    return lower.empty() || lower.size() > kLongestWord ? nullptr : find_word(lower, hash_of(lower));
}

}  // namespace gpsync::core::pii

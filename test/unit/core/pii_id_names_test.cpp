// The official names of national ids, as their authorities and forms write them, and names that only look
// alike.
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "core/pii/names/name_class.hpp"
#include "pii_scrub_helpers.hpp"

namespace gpsync::core::pii {
namespace {

std::vector<std::string> parts_of(std::string_view text) {
    std::vector<std::string> parts;
    for (size_t end; (end = text.find('|')) != std::string_view::npos; text.remove_prefix(end + 1))
        parts.emplace_back(text.substr(0, end));
    parts.emplace_back(text);
    return parts;
}

struct IdNames {
    const char* country;
    const char* names;
};

// clang-format off
constexpr IdNames kIdNames[] = {
    {"AE", "Emirates ID Number|رقم الهوية الإماراتية|بطاقة الهوية|رقم الهوية"},
    {"AR", "Clave Única de Identificación Tributaria|Código Único de Identificación Laboral|"
     "Documento Nacional de Identidad|número de documento nacional de identidad|CUIT/CUIL|"
     "número de CUIT"},
    {"AT", "Sozialversicherungsnr|SV-Nummer|SV-Nr|österreichische Sozialversicherungsnummer"},
    {"AU", "Medicare card number|Medicare card no|TFN number|tax file no"},
    {"BE", "Rijksregisternr|Nationaal nummer|Numéro national|Numéro de registre national|"
     "Numéro du registre national|Registre national|INSS number|NISS|INSS|Nationalregisternummer|"
     "National register number|National registration number|"
     "Numéro d'identification de la sécurité sociale|Identificatienummer van de sociale zekerheid"},
    {"BG", "Единен граждански номер|ЕГН номер|Edinen grazhdanski nomer|EGN number|Личен номер на чужденец|"
     "ЛНЧ"},
    {"BR", "Cadastro de Pessoas Físicas|Cadastro de Pessoa Física|Cadastro Nacional da Pessoa Jurídica|"
     "Número do CPF|CPF/CNPJ|número CNPJ|documento CPF|cpf numero|nr cpf|num cpf"},
    {"CH", "AHV-Nummer|AHVN13|AHVN|NAVS13|NAVS|Numéro AVS|Numero AVS|AVS-Nummer|AVS-Nr|AVS number|No AVS|"
     "OASI number|Numéro d'assuré AVS|Sozialversicherungsnummer AHV|Numero d'assicurazione sociale"},
    {"CL", "Rol Único Tributario|Rol Único Nacional|RUT/RUN|Número de RUT|RUN número|Cédula de identidad|"
     "Cédula nacional de identidad|número de cédula|cédula nacional"},
    {"CN", "居民身份证|居民身份证号|居民身份证号码|公民身份号码|公民身份证号码|身份證|身份證號碼|身份号码|shenfenzheng|shenfenzheng hao|"
     "shenfenzheng haoma|Resident Identity Card|Resident Identity Card Number|"
     "Citizen Identification Number|citizen identity number|Chinese ID number"},
    {"CO", "Número de Identificación Tributaria|Cédula de ciudadanía|Cédula de extranjería|"
     "Tarjeta de identidad|NUIP|número de cédula de ciudadanía|"
     "número único de identificación personal"},
    {"CZ", "rodné číslo|rod. číslo|rodneho cisla|číslo občanského průkazu"},
    {"DE", "Rentenversicherungsnr|RV-Nummer|Sozialversicherungsnummer|Personalausweisnummer|"
     "Personalausweisnr|Ausweisnummer|Personalausweis-Nr"},
    {"DK", "CPR-nummer|Centrale Personregister|CPR number|Personnummer"},
    {"DO", "Cédula de Identidad y Electoral|cédula electoral"},
    {"EC", "Registro Único de Contribuyentes|RUC|número de RUC|número RUC"},
    {"EE", "Isikukood|isikukoodi|Estonian personal identification code"},
    {"EG", "الرقم القومي|رقم قومي|raqm qawmi|national number"},
    {"FI", "Henkilötunnus|henkilötunnuksen|sosiaaliturvatunnus|Personbeteckning|Personal identity code|"
     "hetu-tunnus|hetu number"},
    {"FR", "Numéro de sécurité sociale|No de sécurité sociale|Numéro sécu|"
     "Numéro d'inscription au répertoire|Numéro INSEE|numéro NIR|"
     "numéro d'immatriculation à la sécurité sociale|numéro fiscal|numéro SPI|"
     "numéro fiscal de référence"},
    {"GH", "Ghana card number|Ghana card PIN|Ghanacard no|national identification card"},
    {"GR", "ΑΜΚΑ|ΑΦΜ|Αριθμός Φορολογικού Μητρώου|Αριθμός Μητρώου Κοινωνικής Ασφάλισης|Αριθμός Ταυτότητας|"
     "Δελτίο Ταυτότητας|Δελτίο αστυνομικής ταυτότητας|arithmos tautotitas|AMKA number|AFM number"},
    {"GT", "Código Único de Identificación|Documento Personal de Identificación|número de DPI|número CUI"},
    {"HK", "HKID number|HKID card|HKID card no|Hong Kong ID|Hong Kong Identity Card|"
     "Hong Kong ID card number|香港身份證|香港身份證號碼|香港身份证号码"},
    {"HR", "Osobni identifikacijski broj|OIB broj|broj osobne iskaznice"},
    {"HU", "Személyi azonosító|Személyi azonosító jel|Személyi szám|Személyazonosító jel|Adóazonosító jel|"
     "Adóazonosító|TAJ szám|TAJ-szám|Személyi igazolvány szám|személyi igazolvány száma"},
    {"ID", "Nomor Induk Kependudukan|NIK KTP|No KTP|Nomor KTP|No. NIK|nomor NIK|e-KTP|NPWP|"
     "Nomor Pokok Wajib Pajak|kartu tanda penduduk"},
    {"IE", "PPS number|PPS no|PPSN number|Personal Public Service Number|"
     "Uimhir Phearsanta Seirbhíse Poiblí|Uimhir PSP"},
    {"IL", "Mispar Zehut|מספר זהות|תעודת זהות|מספר תעודת זהות|תז|Teudat Zehut number|Israeli ID number"},
    {"IN", "Permanent Account Number|स्थायी खाता संख्या|पैन नंबर|आधार संख्या|आधार नंबर|आधार"},
    {"IR", "کد ملی|کدملی|شماره ملی|کارت ملی|شماره شناسنامه|kod-e melli|kode melli|code melli|kart-e melli|"
     "mellicode|melli code"},
    {"IS", "kennitala|kennitölu|kennitalan"},
    {"JP", "Kojin bango|kojinbangou|個人番号|マイナンバーカード|マイナンバー番号|My Number card|基礎年金番号"},
    {"KR", "주민번호|외국인등록번호|jumin beonho|jumin deungnok beonho|jumin number|jumin no|"
     "Alien registration number|foreigner registration number|resident registration no"},
    {"KW", "الرقم المدني|رقم مدني|البطاقة المدنية|Civil ID number|civil id no|civil number Kuwait"},
    {"KZ", "Жеке сәйкестендіру нөмірі|ЖСН|Индивидуальный идентификационный номер|"
     "individual identification number|ИИН номер"},
    {"LT", "Asmens kodas|asmens kodo|asmenskodo numeris"},
    {"LU", "Matricule nationale|Numéro de matricule|Numéro matricule|Numéro d'identification nationale|"
     "Numéro d'identification national|matricule luxembourgeois|nationale Identifikationsnummer"},
    {"LV", "Personas kods|personas koda|personas kodu"},
    {"MX", "Clave Única de Registro de Población|CURP clave|Registro Federal de Contribuyentes|"
     "Clave de elector|Número de Seguridad Social|Número de Seguro Social|RFC con homoclave"},
    {"MY", "No. Kad Pengenalan|Nombor Kad Pengenalan|Kad Pengenalan|MyKad number|MyKad no|No KP|"
     "NRIC number Malaysia"},
    {"NL", "Burgerservicenr|BSN-nummer|BSN nr|Sofinummer|sofi-nummer|sociaal-fiscaal nummer"},
    {"NO", "Fødselsnummer|Fødselsnr|D-nummer|fødsels- og personnummer|fødsels og personnummer"},
    {"PE", "Registro Único de Contribuyente|Documento Nacional de Identidad DNI|número de DNI"},
    {"PT", "Número de Identificação Fiscal|Número de Contribuinte|Cartão de Cidadão|Cartão do Cidadão|"
     "Número do cartão de cidadão|Bilhete de identidade|Número de Identificação da Segurança Social|"
     "Número de Segurança Social|número de utente"},
    {"RO", "Cod numeric personal|Codul numeric personal|CNP cod"},
    {"RS", "Jedinstveni matični broj građana|Jedinstveni matični broj|Matični broj|JMBG broj|ЈМБГ|"
     "Јединствени матични број грађана|Јединствени матични број|Матични број|ЕМБГ|EMBG|"
     "Единствен матичен број|Enotna matična številka občana|Enotna matična številka|matična številka|"
     "EMŠO številka"},
    {"RU", "СНИЛС|Страховой номер|Идентификационный номер налогоплательщика|ИНН физлица|номер СНИЛС|"
     "номер ИНН|СНИЛС номер"},
    {"SA", "الهوية الوطنية|رقم الهوية الوطنية|رقم الإقامة|هوية وطنية|Iqama|Iqama number|Iqama ID|Iqama no|"
     "raqm al-hawiyya|National identity card number"},
    {"SE", "Personnummer|Personnr|Samordningsnummer|Samordningsnr"},
    {"SG", "NRIC number|NRIC no|NRIC/FIN number|FIN number Singapore|Foreign Identification Number|"
     "NRIC FIN no"},
    {"TH", "เลขประจำตัวประชาชน|เลขบัตรประชาชน|หมายเลขบัตรประชาชน|เลขบัตรประจำตัวประชาชน|"
     "เลขประจำตัวบัตรประชาชน|บัตรประชาชน|Thai national ID|Thai ID number|Thai citizen ID"},
    {"TR", "T.C. Kimlik No|TC kimlik numarası|Türkiye Cumhuriyeti Kimlik Numarası|kimlik numarası|TC no|"
     "tc numarası|vergi kimlik no|vergi kimlik numarası|VKN|nüfus cüzdanı no"},
    {"TW", "身分證字號|身分證號碼|身分證統一編號|國民身分證統一編號|國民身分證|身分證|shenfenzheng zihao"},
    {"UA", "Реєстраційний номер облікової картки платника податків|Ідентифікаційний код|"
     "Ідентифікаційний номер|ІПН|Індивідуальний податковий номер|РНОКПП номер|податковий номер"},
    {"UY", "número de cédula de identidad|documento de identidad"},
    {"VE", "Registro Único de Información Fiscal|Registro de Información Fiscal|número de RIF|"
     "cédula venezolana"},
    {"ZA", "South African ID|South African ID number|RSA ID number|RSA ID|SA ID number|Identiteitsnommer|"
     "ID-nommer|Suid-Afrikaanse identiteitsnommer"},
    {"VN", "Căn cước công dân|Số căn cước công dân|Số căn cước|Số CCCD|Chứng minh nhân dân|Số CMND|"
     "Số định danh cá nhân|căn cước"},
    {"PK", "CNIC number|Computerized National Identity Card|CNIC no|NICOP|شناختی کارڈ نمبر|قومی شناختی کارڈ"},
    {"PH", "PhilSys ID|PhilSys number"},
    {"BD", "NID number|NID card|national ID card no"},
    {"KE", "kitambulisho"},
    {"MA", "numéro CIN|numéro CNIE|carte nationale d'identité électronique"},
    {"AL", "numri personal"},
    {"GE", "პირადი ნომერი"},
    {"QA", "Qatar ID|QID number"},
    {"NZ", "IRD number"},
    {"SV", "número DUI|Documento Único de Identidad"},
    {"BO", "carné de identidad|carnet de identidad"},
    {"SK", "občiansky preukaz|číslo občianskeho preukazu"},
    {"JO", "الرقم الوطني"},
    {"NP", "citizenship number"},
    {"ET", "Fayda ID"},
    {"NG", "National Identification Number|NIN number|NIN no|Bank Verification Number|BVN number"},
    {"UZ", "ЖШШИР|JSHSHIR|ПИНФЛ"},
    {"any", "número de identidad|número de identificación|número de identidade|número de identificação|"
     "numéro d'identité|numéro de carte d'identité|carte d'identité|carte nationale d'identité|"
     "numéro de CNI|identiteitskaartnummer|identiteitskaart|identiteitsbewijs nummer|"
     "documento de identidade|documento d'identità|carta d'identità|numero carta identità|"
     "numero carta d'identità|numéro d'identification fiscale|belastingnummer|fiscaal nummer|"
     "skattenummer|verotunnus|vergi numarası|numer identyfikacji podatkowej|dowód osobisty|"
     "numer dowodu osobistego|seria i numer dowodu|удостоверение личности|"
     "номер удостоверения личности|идентификационный номер"},
};
// clang-format on

std::string with(std::string_view name, char mark) {
    std::string result(name);
    for (char& c : result)
        if (c == ' ') c = mark;
    return result;
}

TEST(PiiIdNames, OfficialNamesSayNationalId) {
    for (const IdNames& row : kIdNames)
        for (const std::string& name : parts_of(row.names))
            for (const char mark : {' ', '_', '-'}) {
                const Detector detector = classify_name(with(name, mark), {}).subject;
                EXPECT_TRUE(detector == Detector::kNationalId || detector == Detector::kNif ||
                            detector == Detector::kGermanTaxId)
                    << row.country << ": " << with(name, mark) << " is " << info(detector).name;
            }
}

TEST(PiiIdNames, ValuesUnderThemGo) {
    EXPECT_EQ(scrubbed(R"({"Cédula de ciudadanía": "1032456789", "Rol Único Tributario": "12.345.678-5"})"),
              "{}");
    EXPECT_EQ(scrubbed(R"({"numéroDeRegistreNational": "85073003328", "rijksregisternr": 85073003328})"),
              "{}");
    EXPECT_EQ(
        scrubbed(
            R"({"身分證字號": "A123456789", "เลขประจำตัวประชาชน": "1101700230705", "Số CCCD": "079203001234"})"),
        "{}");
    EXPECT_EQ(scrubbed(R"({"الرقم المدني": "290010112345", "AHVN13": "7569217076985", "feb": 1})"),
              R"({"feb": 1})");
    EXPECT_EQ(scrubbed(R"({"log": "personbeteckning 131052-308T saved"})"),
              R"({"log": "personbeteckning [removed] saved"})");
    EXPECT_EQ(scrubbed(R"({"log": "cédula 17123456 ok, fødselsnummer 010190 12345"})"),
              R"({"log": "cédula [removed] ok, fødselsnummer [removed]"})");
}

// What a document is stands beside its number, or above it.
TEST(PiiIdNames, IdentityDocuments) {
    EXPECT_EQ(scrubbed(R"({"identityDocument": {"issuer": "ES", "number": "AAB123456"}})"),
              R"({"identityDocument": {"issuer": "ES"}})");
    EXPECT_EQ(scrubbed(R"({"documentType": "ID_CARD", "documentNumber": "YA1234567"})"),
              R"({"documentType": "ID_CARD"})");
    EXPECT_EQ(scrubbed(R"({"documents": [{"docNumber": "P4366918", "docType": "PASSPORT"}]})"),
              R"({"documents": [{"docType": "PASSPORT"}]})");
    for (const char* document : {R"({"documentType": "INVOICE", "documentNumber": "5100000123"})",
                                 R"({"document": {"type": "pdf", "number": "2026-000123"}})",
                                 R"({"docType": "contract", "docNo": "C-4821"})"})
        EXPECT_EQ(scrubbed(document), document);
}

// Other things with such names, and ordinary values under names that mean several things.
TEST(PiiIdNames, WhatLooksAlikeStays) {
    for (const char* document :
         {R"({"avs": "Y", "avsResult": "M", "avsCode": "123456789"})", R"({"rrn": "032612345678"})",
          R"({"iin": "411111"})", R"({"ipn": "https://shop.example/ipn"})", R"({"matricule": "AB-12"})",
          R"({"codeInsee": "75056"})", R"({"run": 12345678, "runNumber": 1234567})", R"({"taj": "palace"})",
          R"({"nationalCode": "DE"})", R"({"nss": "core-2"})", R"({"rif": "open"})", R"({"cui": "blue"})",
          R"({"ktp": "none"})", R"({"cmnd": "start --all"})", R"({"cédula": "pending"})",
          R"({"iqamaStatus": "valid", "medicareLevel": 2})", R"({"identityCardType": "A"})"})
        EXPECT_EQ(scrubbed(document), document);
}

// The longest phrase in front of a number counts, not its last word.
TEST(PiiIdNames, PhrasesInFrontOfNumbers) {
    for (const char* name : {"National ID", "tax id:", "citizen id", "patient id", "identity card",
                             "identity card no.", "identity card number"})
        EXPECT_EQ(scrubbed("{\"n\":\"" + std::string(name) + " 29301154408 checked\"}"),
                  "{\"n\":\"" + std::string(name) + " [removed] checked\"}");
    for (const char* name :
         {"id", "customer id", "account id:", "card id", "device id", "document id", "user id"}) {
        const std::string document = "{\"n\":\"" + std::string(name) + " 29301154408 checked\"}";
        EXPECT_EQ(scrubbed(document), document);
    }
}

}  // namespace
}  // namespace gpsync::core::pii

// Names of members that say what a person is to somebody or does for a living, and who did something, in the
// languages that forms are written in; and what stays under them.
#include <gtest/gtest.h>

#include <sstream>
#include <string>
#include <vector>

#include "pii_scrub_helpers.hpp"

namespace gpsync::core::pii {
namespace {

struct Roles {
    const char* value;  // a full name of the language
    const char* names;  // separated by bars
};

// clang-format off
constexpr Roles kPersons[] = {
    {"Zorbl Xqwert",
     "doctor|attending_physician|generalPractitioner|pediatrician|pharmacist|class_teacher|headmaster|coroner|"
     "notaryPublic|treasurer|secretary|boardMember|projectManager|teamLead|contact_person|personInCharge|"
     "authorised_signatory|legalGuardian|mother_in_law|stepson|friend|neighbour|best_man|godparent|landlady|"
     "codebtor|pedestrian|firstOfficer|flight_attendant|repairman|caretaker|storekeeper|sommelier|sculptor|"
     "journalist|vicar|rabbi|policeman|soldier|declarant|realtor|pensioner|blacksmith|librarian|referee"},
    {"Karl Müller",
     "Hausärztin|Hausaerztin|behandelnder Arzt|Zahnarzt|Apothekerin|Klassenlehrer|Zeugin|Rechtsanwältin|"
     "Steuerberater|Geschäftsführerin|Ansprechpartner|gesetzlicher_Vertreter|Erziehungsberechtigter|"
     "Lebenspartnerin|Vermieterin|Bürge|Erblasser|Mitreisender|Schülerin|Hausmeister|Köchin|Bildhauer|Patin"},
    {"Jean Dupont",
     "médecin_traitant|infirmière|témoin|avocate|expert-comptable|chefDeProjet|personne à contacter|"
     "représentant_légal|tutrice|voisine|locataire|bailleur|héritière|élève|stagiaire|livreur|"
     "plombier|coiffeuse|sculptrice|parrain|déclarante"},
    {"Juan Pérez",
     "médico_tratante|enfermera|abogada|jefe_inmediato|personaDeContacto|apoderado|esposa|vecino|arrendadora|"
     "avalista|heredera|denunciante|alumna|entrevistador|chofer|azafata|fontanero|camarera|periodista|perita"},
    {"João Silva",
     "médica_de_família|advogada|encarregado_de_educação|cônjuge|vizinha|inquilino|fiadora|herdeiro|aluna|"
     "motorista|aeromoça|encanador|cozinheira|jornalista|padrinho"},
    {"Marco Rossi",
     "medico_curante|infermiera|avvocato|commercialista|legale_rappresentante|genitore|inquilina|erede|"
     "studentessa|autista|idraulico|parrucchiera|giornalista|sindaco"},
    {"Jan de Vries",
     "huisarts|verpleegkundige|lerares|notaris|penningmeester|leidinggevende|echtgenote|buurvrouw|verhuurder|"
     "leerling|loodgieter|kapster|burgemeester"},
    {"Lars Jensen", "praktiserende_læge|sygeplejerske|vidne|sagsbehandler|ægtefælle|udlejer|tømrer|frisør|præst"},
    {"Ola Nordmann", "fastlege|sykepleier|vitne|saksbehandler|ektefelle|utleier|rørlegger|ordfører"},
    {"Erik Andersson", "sjuksköterska|tandläkare|vittne|handläggare|vårdnadshavare|hyresvärd|rörmokare|präst"},
    {"Matti Virtanen", "hoitava_lääkäri|sairaanhoitaja|todistaja|yhteyshenkilö|huoltaja|vuokralainen|putkimies"},
    {"Jón Jónsson", "heimilislæknir|kennari|tengiliður|eiginkona|leigjandi|rafvirki|ljósmyndari"},
    {"Jaan Tamm", "perearst|õpetaja|tunnistaja|kontaktisik|abikaasa|üürnik|torumees"},
    {"Jānis Bērziņš", "ģimenes_ārsts|skolotāja|liecinieks|kontaktpersona|laulātais|īrnieks|santehniķis"},
    {"Jonas Kazlauskas", "šeimos_gydytojas|mokytoja|liudytojas|kontaktinis_asmuo|sutuoktinė|nuomininkas|kirpėja"},
    {"Jan Kowalski",
     "lekarz_prowadzący|pielęgniarka|świadek|główna_księgowa|osoba_kontaktowa|współmałżonek|wynajmujący|"
     "spadkobierca|uczennica|kierowca|hydraulik|dziennikarka|strażak"},
    {"Jan Novák", "ošetřující_lékař|učitelka|svědek|kontaktní_osoba|manželka|nájemce|dědic|žákyně|řidič|kadeřnice"},
    {"Ján Kováč", "ošetrujúci_lekár|učiteľka|svedok|kontaktná_osoba|manželka|nájomca|žiačka|vodič|čašník"},
    {"Janez Novak", "osebni_zdravnik|učiteljica|odvetnica|kontaktna_oseba|soproga|najemodajalec|voznik|natakar"},
    {"Ivan Horvat", "liječnica|odvjetnik|računovođa|kontakt_osoba|supruga|stanodavac|nasljednik|vozač|konobar"},
    {"Jovan Petrović", "izabrani_lekar|svedok|lice_za_kontakt|odgovorno_lice|zakupac|prodavačica"},
    {"Ion Popescu", "medic_de_familie|învățătoare|martor|reprezentant_legal|chiriaș|moștenitor|ospătar|pompier"},
    {"Kovács János", "háziorvos|ápolónő|tanú|ügyvéd|könyvelő|kapcsolattartó|házastárs|bérlő|örökös|villanyszerelő"},
    {"Arben Hoxha", "mjeku_kurues|mësuesja|dëshmitari|avokati|bashkëshorti|qiramarrësi|zjarrfikësi"},
    {"Ahmet Yılmaz", "aile_hekimi|öğretmen|tanık|avukat|muhasebeci|irtibat_kişisi|ev_sahibi|kiracı|mirasçı|aşçı"},
    {"Əli Məmmədov", "ailə_həkimi|müəllim|mühasib|əlaqə_şəxsi|valideyn|kirayəçi|sürücü"},
    {"Nguyễn Văn An", "bác_sĩ_điều_trị|giáo_viên_chủ_nhiệm|luật_sư|người_đại_diện|người_giám_hộ|chủ_nhà|tài_xế"},
    {"Budi Santoso", "dokter_keluarga|wali_kelas|pengacara|bendahara|narahubung|ahli_waris|pengemudi|koki"},
    {"Ahmad Ismail", "jururawat|peguam|setiausaha|pengarah_urusan|rakan_sekerja|pemiutang|juruterbang"},
    {"Juan Cruz", "manggagamot|tagapangulo|kapitbahay|nangungupahan|tagapagmana|estudyante|bumbero"},
    {"Juma Hassan", "muuguzi|mwalimu_mkuu|shahidi|mwanasheria|mhasibu|mpangaji|mrithi|mwanafunzi|dereva"},
    {"Seán Murphy", "fiaclóir|múinteoir|dlíodóir|cuntasóir|tuismitheoir|tionónta|tiománaí|leictreoir"},
    {"Joan Puig", "metge_de_capçalera|advocada|persona_de_contacte|llogater|hereva|lampista|fotògraf"},
    {"Mikel Etxeberria", "erizaina|irakaslea|abokatua|kontaktu_pertsona|senarra|maizterra|gidaria|sukaldaria"},
    {"Иван Петров",
     "лечащий_врач|медсестра|учитель|свидетель|нотариус|главный_бухгалтер|контактное лицо|законныйПредставитель|"
     "супруга|сосед|арендодатель|наследник|заявитель|ученица|водитель|сантехник|парикмахер|священник"},
    {"Тарас Шевченко", "сімейний_лікар|вчителька|свідок|контактна_особа|дружина|орендодавець|водій|перукар"},
    {"Янка Купала", "лекар|настаўніца|сведка|кантактная_асоба|жонка|арандатар|кіроўца"},
    {"Иван Стоянов", "личен_лекар|счетоводител|лице_за_контакт|съпруга|наемател|ученичка|шофьор"},
    {"Петар Стојанов", "матичен_лекар|наставничка|сметководител|сопруг|станодавец|возач|новинар"},
    {"Јован Петровић", "изабрани_лекар|учитељица|сведок|лице_за_контакт|супружник|станодавац|возач"},
    {"Айдос Нұрланов", "дәрігер|мұғалім|заңгер|байланыс_тұлғасы|жұбайы|жүргізуші|аспаз"},
    {"Γιώργος Παπαδόπουλος", "θεράπων_ιατρός|νοσοκόμα|μάρτυρας|ΔΙΚΗΓΟΡΟΣ|λογιστής|σύζυγος|κληρονόμος|οδηγός"},
    {"გიორგი ბერიძე", "ექიმი|მასწავლებელი|ადვოკატი|საკონტაქტო_პირი|მეუღლე|მძღოლი"},
    {"Արամ Պետրոսյան", "բժիշկ|ուսուցիչ|փաստաբան|հաշվապահ|ամուսին|վարորդ"},
    {"محمد أحمد", "الطبيب_المعالج|الممرضة|المحامي|المحاسب|ولي_الأمر|الزوجة|المستأجر|الطالب|السائق"},
    {"יוסי כהן", "רופא_מטפל|אחות_מטפלת|עורך_דין|רואה_חשבון|איש_קשר|בת_זוג|שוכר|תלמידה|נהג"},
    {"علی رضایی", "پزشک_معالج|پرستار|وکیل|حسابدار|همسر|مستاجر|دانشجو|راننده"},
    {"محمد علی", "ڈاکٹر|گواہ|وکیل|شریک_حیات|مالک_مکان|کرایہ_دار|ڈرائیور"},
    {"राम शर्मा", "डॉक्टर|शिक्षक|वकील|अभिभावक|पत्नी|किरायेदार|छात्रा|चालक"},
    {"রহিম উদ্দিন", "ডাক্তার|শিক্ষক|আইনজীবী|অভিভাবক|স্ত্রী|ভাড়াটিয়া|চালক"},
    {"สมชาย ใจดี", "แพทย์|ครูประจำชั้น|ทนายความ|ผู้ปกครอง|คู่สมรส|ผู้เช่า|คนขับรถ"},
    {"សុខ ដារា", "គ្រូពេទ្យ|គ្រូបង្រៀន|មេធាវី|អាណាព្យាបាល|អ្នកជួល|អ្នកបើកបរ"},
    {"王小明", "主治医生|班主任|律师|总经理|联系人|监护人|紧急联系人|房东|担保人|继承人|司机|厨师"},
    {"陳大文", "主治醫師|導師|律師|會計師|聯絡人|監護人|緊急聯絡人|業主|駕駛人|攝影師"},
    {"田中太郎", "主治医|担任教諭|弁護士|代表取締役|保護者|配偶者|連帯保証人|相続人|運転手|美容師"},
    {"김철수", "주치의|담임교사|변호사|대표이사|법정대리인|배우자|임차인|상속인|운전기사|미용사"},
};

constexpr Roles kDoers[] = {
    {"Zorbl Xqwert", "reviewed_by|interviewedBy|drafted_by|taught_by|edited_by|responsible|painter|"
                     "genehmigt_von|unterschriebenVon|Bearbeiter|vérifié_par|approuvé par|elaborado_por|"
                     "firmadoPor|assinado_por|approvato_da|redatto da|goedgekeurd_door|godkendt_af|godkjent_av|"
                     "godkänd_av|laatija|koostaja|sastādīja|patvirtino|zatwierdził|zkontroloval|schválil|pregledal|"
                     "odobrio|aprobat_de|jóváhagyta|onaylayan|người_phê_duyệt|disetujui_oleh|утвердил|проверил|"
                     "погодив|одобрил|εγκρίθηκε_από"},
    {"王小明", "审批人|复核人|經辦人"},
    {"田中太郎", "承認者|確認者|起案者"},
    {"김철수", "승인자|검토자"},
};
// clang-format on

std::vector<std::string> names_of(const char* names) {
    std::vector<std::string> all;
    std::istringstream in(names);
    for (std::string name; std::getline(in, name, '|');) all.push_back(name);
    return all;
}

std::string member(const std::string& name, std::string_view value) {
    return "{" + in_quotes(name) + ": " + in_quotes(value) + "}";
}

TEST(PiiRoles, NamesAPersonInManyLanguages) {
    for (const Roles& roles : kPersons)
        for (const std::string& name : names_of(roles.names)) {
            expect_scrubbed(member(name, roles.value), "{}");
            expect_scrubbed(
                "{" + in_quotes(name) + ": {\"name\": " + in_quotes(roles.value) + ", \"rank\": 2}}",
                "{" + in_quotes(name) + ": {\"rank\": 2}}");
        }
    for (const Roles& roles : kDoers)
        for (const std::string& name : names_of(roles.names))
            expect_scrubbed(member(name, roles.value), "{}");
}

TEST(PiiRoles, WithTheWordForName) {
    for (const char* name :
         {"doctor_name", "stepmotherName", "father_in_law_name", "groupLeaderName", "Hausarzt_Name",
          "zeuginName", "nom_témoin", "nombre_del_abogado", "nomeDoMotorista", "nome_inquilino",
          "naam_huisarts", "imię_świadek", "avukat_adı", "tên_luật_sư", "nama_pengacara", "имя_водитель"})
        expect_scrubbed(member(name, "Zorbl Xqwert"), "{}");
}

TEST(PiiRoles, WhatIsNoNameStays) {
    for (const Roles& roles : kPersons)
        for (const std::string& name : names_of(roles.names)) {
            expect_kept("{" + in_quotes(name) + ": 7}");
            expect_kept("{" + in_quotes(name) + ": true}");
            expect_kept(member(name, "true"));
            expect_kept(member(name + "_id", "8842"));
            expect_kept(member(name + "_status", "ACTIVE"));
            expect_kept(member(name + "_type", "INTERNAL"));
            expect_kept(member(name, "Acme Ltd"));
        }
    for (const char* name : {"doctor", "Hausarzt", "avocat", "enfermera", "водитель", "主治医生",
                             "projectManager", "responsible", "writtenBy", "approvedBy", "genehmigt_von"}) {
        expect_kept(member(name, "c-1042"));
        expect_kept(member(name, "Batch Job"));
        expect_kept(member(name, "Platform Team"));
        expect_kept(member(name, "ACTIVE"));
    }
}

TEST(PiiRoles, WhatIsAlsoAProgramOrACompanyNeedsTheWordForName) {
    for (const char* name :
         {"chef", "concierge", "conductor", "moderator", "illustrator", "Vermittler", "exécutant"})
        expect_kept(member(name, "Zorbl Xqwert"));
    for (const char* name : {"chefName", "conductor_name", "illustratorName", "estate_agent_name"}) {
        expect_scrubbed(member(name, "Zorbl Xqwert"), "{}");
        expect_kept(member(name, "habitat"));
    }
    for (
        const char* document :
        {R"({"chef": {"name": "infra"}})", R"({"music": "Blue Train", "pages": "Front Matter"})",
         R"({"registrar": "Cheap Names", "producer": "Order Events", "guideName": "User Guide"})",
         R"({"maestro": "Debit World", "stars": {"name": "Alpha Centauri"}, "broker": "Rabbit Queue"})",
         R"({"issuedBy": "Ministry Interior", "nasa": {"name": "Apollo"}, "envoy": {"name": "Edge Proxy"}})",
         R"({"elektrik": "Ana Pano", "priča": "Crvena Kapa", "fotos": "Casa Verde", "actor": "Zorbl Xqwert"})"})
        expect_kept(document);
}

}  // namespace
}  // namespace gpsync::core::pii

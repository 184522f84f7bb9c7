// Names of members in the languages that forms are written in, each with a value that nothing but its name
// gives away, and names of products, orders, amounts and statuses, whose values stay.
#include <gtest/gtest.h>

#include <sstream>
#include <string>
#include <vector>

#include "pii_scrub_helpers.hpp"

namespace gpsync::core::pii {
namespace {

struct Names {
    const char* value;
    const char* names;  // separated by bars
};

// clang-format off
constexpr Names kNames[] = {
    // Full names
    {R"("Zorbl Xqwert")",
     "Vollständiger Name|nom_et_prénom|nombreyapellidos|Nome completo|nome_completo|voorenachternaam|"
     "Fuldt navn|fornavn_og_etternavn|forogetternamn|Fullt namn|koko_nimi|fornafnogeftirnafn|"
     "Nimi ja perekonnanimi|vārds_un_uzvārds|pilnasvardas|Imię i nazwisko|celé_jméno|menoapriezvisko|"
     "Priimek in ime|puno_ime_i_prezime|imeiprezime|Ime i prezime|пуно_име|презимеииме|Пълно име|"
     "nume_complet|vezetéknévéskeresztnév|Emri mbiemri|επώνυμο_και_όνομα|advesoyad|Tam ad|"
     "тегі_аты_әкесінің_аты|toliqism|Полное имя|ім_я_та_прізвище|ПІБ|სრული სახელი|անուն_և_ազգանուն|"
     "الاسمواللقب|שם פרטי ושם משפחה|نام_کامل|مکملنام|संपूर्ण नाम|পুরো_নাম|முழுப்பெயர்|పూర్తి పేరు|पूर्ण_नाव|"
     "આખુંનામ|ਪੂਰਾ ਨਾਮ|සම්පූර්ණ_නම|पूरानाम|ชื่อเต็ม|ຊື່ເຕັມ|គោត្តនាមនិងនាម|အမည်အပြည့်အစုံ|họ_tên_đầy_đủ|"
     "namalengkap|Nama penuh|buong_pangalan|完整姓名|姓名|お名前_カナ|전체이름|Jina kamili|ሙሉ_ስም|"
     "ainmagussloinne|Enw llawn|nom_i_cognom|izenabizenak|Nome e apelidos|isem_u_kunjom|vollennumm|"
     "Бүтэн нэр"},
    // Family names
    {R"("Xqwert")",
     "Nachname|nom_de_naissance|primerapellido|Nome de família|Cognome|Familienaam|Slægtsnavn|Slektsnavn|"
     "Etternamn|Efternamn|Sukunimi|Föðurnafn|Perekonnanimi|dzimtais_uzvārds|Pavardė|Nazwisko|Příjmení|"
     "rodnépriezvisko|Priimek|djevojačko_prezime|Prezime|Devojačko prezime|Презиме|моминскопрезиме|Фамилия|"
     "numele_de_familie|Családnév|Mbiemër|Epitheto|Soyadınız|Soyad|Фамилиясы|Familiyasi|Девичья фамилия|"
     "Прізвище|Прозвішча|გვარი|Ազգանունը|الاسمالأخير|שם משפחה|فامیلی|کنیت|कुलनाम|শেষ_নাম|கடைசிபெயர்|ఇంటి పేరు|"
     "आडनाव|છેલ્લુંનામ|ਆਖਰੀ ਨਾਮ|අවසන්_නම|थर|นามสกุล|ນາມສະກຸນ|គោត្តនាម|မျိုးနွယ်အမည်|namaakhir|Nama keluarga|"
     "Apelyido|姓氏|姓|苗字|성|Jina la ukoo|የቤተሰብ_ስም|Sloinne|Cyfenw|segon_cognom|Abizena|Apelidos|Kunjom|"
     "Nonumm|Овог"},
    // Middle names, parents
    {R"("Zorbl")",
     "Zweiter Vorname|second_prénom|segundonombre|Nome do meio|secondo_nome|Tussenvoegsels|Mellemnavn|"
     "Mellomnavn|Mellomnamn|Mellannamn|keskimmäinen_nimi|Millinafn|Keskmine nimi|tēva_vārds|antrasisvardas|"
     "Drugie imię|druhé_jméno|strednémeno|Srednje ime|ime_oca|imeoca|Ime oca|средње_име|татковоиме|Презиме|"
     "Patronimic|anyjaneve|Emri i babait|όνομα_πατέρα|annekızlıksoyadı|Ata adı|әкесінің_аты|otasiismi|"
     "Отчество|Побатькові|пабацьку|მამის სახელი|Հայրանուն|اسمالجد|שם האב|نام_پدر|والدہکانام|माता का नाम|"
     "মায়ের_নাম|நடுப்பெயர்|మధ్య పేరు|वडिलांचे_नाव|માતાનુંનામ|ਵਿਚਕਾਰਲਾ ਨਾਮ|පියාගේ_නම|बुबाकोनाम|ชื่อกลาง|ຊື່ກາງ|"
     "ឈ្មោះកណ្តាល|အလယ်အမည်|chữ_lót|namatengah|Nama tengah|gitnang_pangalan|中间名|中間名|ミドルネーム|중간이름|"
     "Jina la baba|የመካከለኛ_ስም|ainmláir|Enw canol|segon_nom|bigarrenizena|Segundo nome|isem_tan_nofs|"
     "zweetevirnumm|Эцэг эхийн нэр"},
    // Who holds a card
    {R"("Zorbl Xqwert")",
     "Karteninhaber|nom_sur_la_carte|nombredeltitular|Nome impresso no cartão|nome_del_titolare|"
     "naamvankaarthouder|Kortholder|navn_på_kort|Korthaldar|Kortinnehavarnamn|Kortinhaltija|nafnákortinu|"
     "Nimi kaardil|kartes_īpašnieka_vārds|kortelėsturėtojas|Imię i nazwisko na karcie|jméno_na_kartě|"
     "menonakarte|Ime imetnika kartice|ime_i_prezime_na_kartici|vlasnikkartice|Ime na kartici|"
     "носилац_картице|корисникнакартичка|Титуляр на картата|numele_titularului|névakártyán|"
     "Zotëruesi i kartës|ονοματεπώνυμο_κατόχου|kartüzerindekiisim|Kart sahibi|карта_иесінің_аты|"
     "kartadagiism|Имя и фамилия на карте|ім_я_власника_картки|імяўладальнікакарткі|ბარათის მფლობელი|"
     "քարտի_տեր|صاحبالبطاقة|מחזיק הכרטיס|دارنده_کارت|کارڈپرنام|कार्डधारक का नाम|কার্ডের_উপর_নাম|"
     "அட்டைதாரரின்பெயர்|కార్డు హోల్డర్|कार्डवरील_नाव|કાર્ડધારકનુંનામ|ਕਾਰਡਧਾਰਕ ਦਾ ਨਾਮ|කාඩ්පතේ_නම|कार्डधारककोनाम|"
     "ชื่อเจ้าของบัตร|ຜູ້ຖືບັດ|ឈ្មោះលើកាត|ကတ်ပိုင်ရှင်အမည်|chủ_thẻ|namapemegangkartu|Nama pada kad|"
     "pangalan_ng_may_ari_ng_card|卡片姓名|持卡人|カード会員名|카드명의자|Mmiliki wa kadi|የካርዱ_ባለቤት_ስም|"
     "sealbhóircárta|Enw deiliad y cerdyn|nom_del_titular_de_la_targeta|txartelarentitularra|"
     "Titular da tarxeta|sid_il_karta|Kaarteninhaber|Карт эзэмшигч"},
    // Who holds an account
    {R"("Zorbl Xqwert")",
     "Kontoinhaber|nom_du_titulaire_du_compte|nombredelacuentabancaria|Titular da conta|"
     "intestatario_del_conto|Rekeninghouder|Kontohavers navn|Kontoholder|Kontoinnehavar|Kontoinnehavare|"
     "Tilinomistaja|Reikningseigandi|Konto omanik|konta_turētājs|sąskaitossavininkovardas|Właściciel konta|"
     "název_účtu|držiteľúčtu|Imetnik računa|ime_vlasnika_računa|vlasnikračuna|Vlasnik računa|"
     "власник_рачуна|именасметка|Притежател на сметката|titularul_contului|számlaneve|"
     "Titullari i llogarisë|όνομα_λογαριασμού|hesapadı|Hesab sahibi|шот_иесінің_аты|hisobegasi|"
     "Держатель счёта|отримувач_платежу|уладальнікрахунку|ანგარიშის მფლობელი|Հաշվետեր|اسمالحساب|בעל חשבון|"
     "صاحب_حساب|کھاتہدار|खाताधारक का नाम|হিসাবধারীর_নাম|கணக்குதாரர்|ఖాతాదారు|खातेदाराचे_नाव|ખાતેદાર|ਖਾਤਾਧਾਰਕ|"
     "ගිණුම්_හිමියාගේ_නම|खातावाला|ชื่อบัญชี|ຊື່ບັນຊີ|ឈ្មោះម្ចាស់គណនី|အကောင့်အမည်|tên_tài_khoản|"
     "namapemilikrekening|Pemegang akaun|pangalan_ng_may_ari_ng_account|账户持有人|戶名|受取人|계좌주|"
     "Mwenye akaunti|የሂሳብ_ስም|ainmanchuntais|Deiliad y cyfrif|nom_del_titular_del_compte|kontuarentitularra|"
     "Nome do titular da conta|isem_tal_kont|Kontinhaber|Данс эзэмшигч"},
    // Card numbers
    {R"("5018123456789013")",
     "Kartennummer|numéro_de_la_carte|númerodetarjetadecrédito|Número do cartão de crédito|n_carta|"
     "Kaartnummer|Kortnr.|Betalingskortnummer|Kortnummer|Bankkortsnummer|kortin_numero|númerkorts|"
     "Kaardinumber|maksājumu_kartes_numurs|bankokortelėsnumeris|Numer karty płatniczej|číslo_karty|"
     "čísloplatobnejkarty|Številka kreditne kartice|broj_bankovne_kartice|brojkartice|Broj kartice|"
     "број_платне_картице|бројнаплатежнакартичка|Номер на карта|numărul_cardului|Hitelkártyaszám|"
     "Numri kartës|arithmos_kartas|bankakartınumarası|Kart nömrəsi|картаның_нөмірі|plastikkartaraqami|"
     "№ карты|номер_банківської_картки|нумарбанкаўскайкарткі|ბარათის ნომერი|քարտի_համարը|رقمالبطاقةالبنكية|"
     "כרטיס אשראי|شماره_کارت_بانکی|کریڈٹکارڈنمبر|क्रेडिट कार्ड नंबर|কার্ড_নাম্বার|அட்டைஎண்|కార్డ్ నంబర్|"
     "कार्ड_नंबर|ક્રેડિટકાર્ડનંબર|ਕਾਰਡ ਨੰਬਰ|කාඩ්_අංකය|कार्डनम्बर|หมายเลขบัตรเครดิต|ໝາຍເລກບັດ|លេខកាតឥណទាន|"
     "ကတ်နံပါတ်|số_thẻ_ghi_nợ|nokartu|Nombor kad|numero_ng_kard|信用卡卡号|卡號|クレジットカード番号|"
     "체크카드번호|Namba ya kadi|የካርድ_ቁጥር|uimhirchártacreidmheasa|Rhif cerdyn|número_de_la_targeta|"
     "txartelzenbakia|Número da tarxeta|numru_tal_karta|Kreditkaartennummer|Картын дугаар"},
    // Expiry
    {R"("12/29")",
     "Gültig bis|valable_jusqu_au|válidahasta|Data de expiração|scadenza_carta|verlooptop|Gyldig til|"
     "Utløper|gårut|Giltig till|Vanhenemispäivä|gildirtil|Kehtiv kuni|kartes_derīguma_termiņš|"
     "galiojimopabaiga|Data wygaśnięcia|datum_platnosti|koniecplatnosti|Datum veljavnosti|rok_valjanosti|"
     "važido|Datum isteka|датум_истека|валиднадо|Валидна до|data_de_expirare|Lejárat|E vlefshme deri|"
     "ημερομηνία_λήξης|bitiştarihikart|Bitmə tarixi|қолданылу_мерзімі|kartamuddati|Дата окончания действия|"
     "дійсний_до|сапраўднаяда|მოქმედების ვადა|վավերականության_ժամկետ|انتهاءالصلاحية|תוקף כרטיס|تاریخ_انقضا|"
     "تاریخمیعاد|समाप्ति तिथि|মেয়াদ_উত্তীর্ণের_তারিখ|காலாவதிதேதி|చెల్లుబాటు తేదీ|समाप्ती_तारीख|માન્યતા|"
     "ਮਿਆਦ ਪੁੱਗਣ ਦੀ ਮਿਤੀ|වලංගු_කාලය|म्याद|บัตรหมดอายุ|ວັນໝົດອາຍຸ|ផុតកំណត់|သက်တမ်းကုန်ဆုံးရက်|có_giá_trị_đến|"
     "masaberlaku|Tarikh tamat tempoh|petsa_ng_pagkawalang_bisa|卡有效期|有效期限|カード有効期限|"
     "카드유효기간|Tarehe ya kumalizika|የአገልግሎት_ማብቂያ_ቀን|dátadulinéag|Dyddiad dod i ben|Caducitat|"
     "Baliozkotasuna|Data de caducidade|valida_sa|gëltegbis|Дуусах хугацаа"},
    // Security codes
    {R"("123")",
     "Sicherheitscode|code_de_sécurité|códigocvv|Código de verificação|codice_di_sicurezza_della_carta|"
     "Beveiligingscode|Kontrolcifer|cvc_kode|Tryggleikskode|CVC-kod|Turvakoodi|cvcnúmer|Turvakood|"
     "kartes_drošības_kods|apsaugoskodas|Kod bezpieczeństwa|kód_cvv|cvvkód|Koda CVV|sigurnosni_broj|"
     "sigurnosnikod|Bezbednosni kod|безбедносни_код|ЦВВ|Код за сигурност|cod_de_securitate|ellenőrzőkód|"
     "Kod sigurie|κωδικός_ασφαλείας_κάρτας|doğrulamakodukart|Təhlükəsizlik kodu|cvv_коды|xavfsizlikkodi|"
     "Защитный код|перевірочний_код_картки|кодбяспекі|უსაფრთხოების კოდი|cvv_կոդ|كودالأمان|קוד אימות כרטיס|"
     "کد_cvv2|حفاظتیکوڈ|सुरक्षा कोड|সিভিভি|சிவிவி|సెక్యూరిటీ కోడ్|सुरक्षा_कोड|સુરક્ષાકોડ|ਸੁਰੱਖਿਆ ਕੋਡ|ආරක්ෂක_කේතය|"
     "सुरक्षाकोड|รหัสรักษาความปลอดภัย|ລະຫັດຄວາມປອດໄພ|កូដសុវត្ថិភាព|လုံခြုံရေးကုဒ်|mã_bảo_mật|kodeverifikasikartu|"
     "Kod keselamatan|security_code|CVV2码|安全碼|カード確認番号|카드보안코드|Nambari ya usalama|የደህንነት_ኮድ|"
     "códslándála|Cod diogelwch|codi_cvv|segurtasunkodea|Código de seguridade|kodiċi_tas_sigurtà|"
     "Sécherheetscode|Аюулгүй байдлын код"},
    // PINs
    {R"("4821")",
     "PIN|code_confidentiel|códigopin|Código PIN|codice_pin|Toegangscode|PIN-kode|Pinkode|pinkode|PIN-kod|"
     "Tunnusluku|pinnúmer|PIN-kood|pin_kods|pinkodas|Kod PIN|pin_kód|pinkód|PIN koda|pin_broj|pinkod|"
     "PIN kod|ПИН|пинкод|ПИН код|cod_pin|Kodi PIN|κωδικός_pin|kartşifresi|PİN|пин_код|ПИН-код|ПІН|пінкод|"
     "პინ კოდი|պին_կոդ|رقمالتعريفالشخصيللبطاقة|קוד סודי|پین|پننمبر|पिन|পিন_নম্বর|பின்எண்|పిన్ నంబర్|પિન|ਪਿੰਨ|"
     "පින්_අංකය|รหัส PIN|ລະຫັດ_pin|លេខpin|ပင်နံပါတ်|số_pin|nomorpin|No. PIN|numero_ng_pin|取款密码|PIN碼|PIN番号|"
     "pin번호|Namba ya siri|ፒን|uimhirpin|Rhif PIN|codi_pin|pinkodea|kodiċi_pin|pincode|Пин"},
    // Mail
    {R"("ann@localhost")",
     "E-Mail|adresse_e_mail|direccióndecorreoelectrónico|Correio eletrônico|posta_elettronica|emailadres|"
     "E-mailadresse|e_postadresse|epost|Mejladress|Sähköposti|Tölvupóstfang|Meiliaadress|e_pasta_adrese|"
     "elektroninispaštas|E-mail|e_mail|emailováadresa|Elektronski naslov|email_adresa|emailadresa|"
     "Imejl adresa|имејл_адреса|емаил|Имейл|adresă_de_e_mail|emailcím|Adresa email|ηλ_ταχυδρομείο|"
     "mailadresi|E-poçt ünvanı|пошта_мекенжайы|elektronpochta|Адрес электронной почты|е_пошта|элпошта|"
     "ელ. ფოსტა|էլ_հասցե|عنوانالبريدالإلكتروني|דוא״ל|نشانی_ایمیل|ایمیلایڈریس|ईमेल पता|ইমেল|ஈமெயில்|ఈమెయిల్|"
     "ई_मेल_पत्ता|ઇમેઇલ|ਈਮੇਲ|ඊමේල්|इमेल|อีเมลล์|ອີເມລ|អាសយដ្ឋានអ៊ីមែល|အီးမေးလ်|địa_chỉ_thư_điện_tử|alamatemail|"
     "Alamat e-mel|Email|邮件地址|電子郵件|メアド|전자메일|Anwani ya barua pepe|ኢሜይል|seoladhríomhphoist|"
     "E-bost|adreça_de_correu_electrònic|eposta|Correo electrónico|indirizz_tal_email|emailadress|И-мэйл"},
    // Telephone
    {R"("555 12 34")",
     "Telefon|numéro_de_téléphone|Celular|Número de telefone|telefono_cellulare|mobieletelefoon|Telefonnr.|"
     "Telefonnummer|Mobilnummer|Mobil|Puhelinnumero|Heimasími|Mobiil|mobilā_tālruņa_numurs|mobtel|"
     "Numer telefonu komórkowego|telefonní_číslo|telefónnečíslo|GSM|broj_mobitela|brojtelefona|"
     "Broj telefona|мобилни_телефон|мобилентелефон|Мобилен номер|telefon_de_contact|Mobilszám|"
     "Numri telefonit|Tilefono|cepnumarası|Telefon nömrəsi|телефон_нөмірі|mobiltelefon|Телефон|"
     "мобільний_телефон|Тэлефон|ტელეფონი|Բջջային|رقمالهاتفالجوال|טל'|شماره_موبایل|رابطہنمبر|संपर्क नंबर|"
     "মোবাইল|அலைபேசிஎண்|మొబైల్|मोबाइल_क्रमांक|સંપર્કનંબર|ਮੋਬਾਈਲ|ජංගම_දුරකථනය|फोननम्बर|เบอร์โทรศัพท์|ໝາຍເລກໂທລະສັບ|"
     "លេខទូរសព្ទ|ဖုန်း|số_điện_thoại_di_động|notelepon|Nombor telefon|numero_ng_cellphone|联系方式|電話|"
     "自宅電話番号|전화|Simu ya mkononi|የስልክ_ቁጥር|Teileafón|Ffôn symudol|Mòbil|Mugikorra|Número de teléfono|"
     "numru_tat_telefon|Handynummer|Гар утас"},
    // Postal codes
    {R"("10115")",
     "PLZ|CP|códpostal|CEP|codice_postale|postcodeenplaats|Postnummer|Postnr.|Postnr|Postinumero|Póstnúmer|"
     "Postiindeks|pasta_kods|paštokodas|Kod pocztowy i miasto|PSČ|poštovésmerovaciečíslo|Poštna številka|"
     "pošt_broj|poštanskibroj|Poštanski broj|поштански_број|поштенскикод|Пощенски код|codul_poștal|"
     "Irányítószám|Kod postar|ταχυδρομικός_κώδικας|zipkodu|Poçt indeksi|Индексі|pochtaindeksi|Индекс|"
     "поштовий_індекс|паштовыіндэкс|საფოსტო ინდექსი|փոստային_կոդ|صندوقالبريد|תא דואר|کد_پستی|زپکوڈ|पिन कोड|"
     "পোস্টকোড|அஞ்சல்குறியீடு|పిన్ కోడ్|पिन_कोड|પિનકોડ|ਪਿੰਨ ਕੋਡ|තැපැල්_කේතය|हुलाककोड|รหัสไปรษณีย์|ລະຫັດໄປສະນີ|"
     "កូដប្រៃសណីយ៍|စာတိုက်ကုဒ်|mã_bưu_chính|kodepos|Poskod|zip_code|邮政编码|郵遞區號|郵便番号|우편번호|"
     "Nambari ya posta|የፖስታ_ኮድ|Éirchód|Cod post|codi_postal|postakodea|Código postal|kodiċi_postali|"
     "Postcode|Шуудангийн код"},
    // Birth
    {R"("1985-03-12")",
     "Geburtsdatum|né_le|fechadenac|Data de nasc.|nato_a_il|geborenop|Født|Fødselsår|Fødselsdato|Född den|"
     "Syntynyt|fæðingardagurogár|Sünniaeg|dzimšanas_diena|Gimęs|Data urodzenia|Narozen|Narodený|"
     "Rojstni dan|godina_rođenja|datumrođenja|Datum rođenja|Рођендан|Роденден|Дата на раждане|"
     "data_de_naștere|Született|Data lindjes|έτος_γέννησης|doğumyılı|Doğum günü|туған_жылы|tugilgansana|"
     "Д.Р.|день_народження|дзеньнараджэння|დაბადების თარიღი|ծննդյան_օր|يومالميلاد|תאריך לידה|تاریخ_ولادت|"
     "پیدائشکیتاریخ|जन्म तिथि|জন্মতারিখ|பிறந்தநாள்|పుట్టిన తేదీ|जन्म_दिनांक|જન્મતારીખ|ਜਨਮ ਮਿਤੀ|උපන්දිනය|जन्ममिति|"
     "วันเดือนปีเกิด|ວັນເກີດ|ថ្ងៃកំណើត|မွေးသက္ကရာဇ်|năm_sinh|tgllahir|Tarikh kelahiran|Kaarawan|出生年份|出生日期|"
     "誕生日|출생일|Siku ya kuzaliwa|የትውልድ_ቀን|lábreithe|Dyddiad geni|data_naixement|jaiotzedata|"
     "Data de nacemento|data_tat_twelid|Gebuertsdag|Төрсөн огноо"},
    // Identity
    {R"("123456789")",
     "Ausweisnummer|numéro_d_identité|númerodedocumento|Número de identificação|numero_documento|"
     "Identiteitsnummer|CPR-nummer|Fødselsnummer|Personnummer|Samordningsnummer|Henkilönumero|"
     "Nafnskírteini|Isikut tõendava dokumendi number|id_kartes_numurs|identifikavimonumeris|Dowód osobisty|"
     "číslo_op|občianskypreukaz|EMŠO|osobna_iskaznica|brojličnekarte|Jedinstveni matični broj građana|"
     "број_личне_карте|бројналичнатакарта|Номер на личната карта|număr_buletin|személyiigazolványszám|"
     "Numri personal|αριθμός_δελτίου_ταυτότητας|yabancıkimlikno|FİN kod|жеке_куәлік_нөмірі|idkartaraqami|"
     "ИНН|посвідчення_особи|асабовынумар|პირადი ნომერი|հծհ_համար|رقمالإقامة|תז|کد_ملی|قومیشناختیکارڈنمبر|"
     "आधार नंबर|এনআইডি_নম্বর|ஆதார்எண்|గుర్తింపు సంఖ్య|ओळखपत्र_क्रमांक|આધારકાર્ડનંબર|ਆਧਾਰ ਨੰਬਰ|හැඳුනුම්පත්_අංකය|"
     "नागरिकताप्रमाणपत्रनम्बर|หมายเลขบัตรประชาชน|ບັດປະຈຳຕົວ|លេខអត្តសញ្ញាណ|မှတ်ပုံတင်နံပါတ်|số_cmnd|NIK|No. KP|"
     "sss_number|证件号码|香港身份證號碼|健康保険証番号|외국인등록번호|Namba ya NIDA|የመታወቂያ_ቁጥር|"
     "uimhiraitheantais|Rhif Yswiriant Gwladol|número_de_document|nortasunagiriarenzenbakia|DNI|"
     "numru_tal_id|Sozialversécherungsnummer|Регистрийн дугаар"},
    // Passports
    {R"("C01X00T47")",
     "Reisepassnummer|n_de_passeport|nrodepasaporte|Nº do passaporte|Passaporto|Paspoort|Pas-nr.|Passnr.|"
     "Passnummer|Passnr|passin_numero|númervegabréfs|Passi number|pases_nr|pasonr|Seria i numer paszportu|"
     "číslo_cestovního_pasu|cestovnýpas|Številka potnega lista|Putovnica|brojpasoša|Pasoš|број_пасоша|"
     "Пасош|Номер на паспорт|număr_pașaport|Útlevél|Nr. i pasaportës|Διαβατήριο|Pasaport|Pasport nömrəsi|"
     "Паспорты|Pasport|Паспорт|закордонний_паспорт|серыяінумарпашпарта|პასპორტის ნომერი|անձնագրի_համարը|"
     "رقمالجواز|מספר דרכון|شماره_گذرنامه|پاسپورٹ|पासपोर्ट|পাসপোর্ট|கடவுச்சீட்டு|పాస్‌పోర్ట్ నంబర్|"
     "पासपोर्ट_क्रमांक|પાસપોર્ટ|ਪਾਸਪੋਰਟ ਨੰਬਰ|විදේශ_ගමන්_බලපත්‍ර_අංකය|राहदानी|หนังสือเดินทาง|ໜັງສືຜ່ານແດນ|"
     "លិខិតឆ្លងដែន|ပတ်စပို့နံပါတ်|hộ_chiếu|nopaspor|Nombor pasport|numero_ng_pasaporte|护照号码|護照|旅券番号|"
     "여권번호|Nambari ya pasipoti|ፓስፖርት|uimhirphas|Rhif pasbort|Passaport|Pasaportea|Pasaporte|"
     "numru_tal_passaport|Reespass|Паспортын дугаар"},
    // Driving licences
    {R"("D1234567")",
     "Führerscheinnummer|numéro_de_permis|númerodelicenciadeconducir|Número da carta de condução|"
     "numero_della_patente|Rijbewijsnr|Kørekortnummer|Førerkort|Førarkortnummer|Körkortsnummer|Ajokortti|"
     "númerökuskírteinis|Juhiloa number|vadītāja_apliecības_numurs|vairuotojopažymėjimonr|Prawo jazdy|"
     "číslo_řidičského_průkazu|číslovodičskéhopreukazu|Vozniško dovoljenje|broj_vozačke_dozvole|"
     "vozačkadozvola|Broj vozačke dozvole|возачка_дозвола|бројнавозачкадозвола|Шофьорска книжка|"
     "permis_de_conducere|vezetőiengedélyszáma|Leja e drejtimit|άδεια_οδήγησης|sürücübelgesi|"
     "Sürücülük vəsiqəsi|жүргізуші_куәлігінің_нөмірі|haydovchilikguvohnomasi|"
     "Номер водительского удостоверения|номер_посвідчення_водія|нумарвадзіцельскагапасведчання|"
     "მართვის მოწმობა|վարորդական_վկայականի_համար|رخصةالسياقة|מספר רישיון|گواهینامه_رانندگی|لائسنسنمبر|"
     "ड्राइविंग लाइसेंस|ড্রাইভিং_লাইসেন্স_নম্বর|ஓட்டுநர்உரிமம்|డ్రైవింగ్ లైసెన్స్ నంబర్|वाहन_चालक_परवाना|"
     "ડ્રાઇવિંગલાઇસન્સનંબર|ਡਰਾਈਵਿੰਗ ਲਾਇਸੈਂਸ|රියදුරු_බලපත්‍ර_අංකය|सवारीचालकअनुमतिपत्र|ใบอนุญาตขับขี่|ໃບຂັບຂີ່|"
     "លេខប័ណ្ណបើកបរ|ယာဉ်မောင်းလိုင်စင်|giấy_phép_lái_xe|nosimpengemudi|Lesen memandu|lisensya_sa_pagmamaneho|驾照|"
     "駕照號碼|免許証番号|운전면허증번호|Nambari ya leseni ya udereva|የመንጃ_ፈቃድ_ቁጥር|uimhirceadúnaistiomána|"
     "Trwydded yrru|carnet_de_conduir|Gidabaimena|Carné de conducir|liċenzja_tas_sewqan|Führerschäinnummer|"
     "Жолооны үнэмлэх"},
    // Taxes
    {R"("123456789")",
     "Steuernummer|numéro_d_identification_fiscale|númerodeidentificaciónfiscal|"
     "Número de identificação fiscal|numero_di_identificazione_fiscale|btwid|Skattenummer|"
     "Skatteidentifikasjonsnummer|Skatteregistreringsnummer|Veronumero|Skattkennitala|"
     "Maksukohustuslase number|nodokļu_maksātāja_reģistrācijas_numurs|mokesčiųmokėtojonumeris|Numer NIP|"
     "daňové_identifikační_číslo|DIČ|Davčna številka|porezni_identifikacijski_broj|poreznibroj|"
     "Poreski broj|ПИБ|ЕДБ|Данъчен номер|număr_de_identificare_fiscală|Adóazonosító|NUIS|ΑΦΜ|verginumarası|"
     "VÖEN|салық_төлеуші_нөмірі|INN|ИНН|податковий_номер|УНП|საგადასახადო ნომერი|հարկ_վճարողի_համար|"
     "الرقمالضريبي|מספר עוסק|شماره_مالیاتی|قومیٹیکسنمبر|पैन कार्ड नंबर|কর_শনাক্তকরণ_নম্বর|வரிஎண்|పన్ను సంఖ్య|"
     "पॅन_क्रमांक|પાનનંબર|ਪੈਨ ਨੰਬਰ|බදු_අංකය|प्याननम्बर|เลขที่ผู้เสียภาษี|ເລກປະຈຳຕົວຜູ້ເສຍອາກອນ|"
     "លេខអត្តសញ្ញាណកម្មសារពើពន្ធ|အခွန်ထမ်းအမှတ်|mã_số_thuế_cá_nhân|nomorpokokwajibpajak|No. cukai pendapatan|"
     "tin_number|个人税号|稅號|納税者番号|납세자번호|Namba ya mlipakodi|የግብር_ከፋይ_መለያ_ቁጥር|uimhirchánach|"
     "Rhif treth|número_d_identificació_fiscal|identifikaziofiskalekozenbakia|NIF|numru_tat_taxxa|"
     "Steiernummer|Татвар төлөгчийн дугаар"},
    // Accounts
    {R"("123456789")",
     "Kontonummer|compte_bancaire|númerodecuentabancaria|Nº da conta|conto_bancario|Bankrekening|Kontonr.|"
     "Bankkontonummer|Clearing- och kontonummer|tilin_numero|bankiogreikningsnúmer|Kontonumber|"
     "bankas_konta_numurs|sąskaitosnr|Numer konta bankowego|bankovní_účet|číslobankovéhoúčtu|"
     "Številka bančnega računa|broj_žiro_računa|bankovniračun|Tekući račun|банковни_рачун|"
     "бројнатрансакцискасметка|Номер на сметка|cont_bancar|Bankszámlaszám|Numër llogarie|"
     "αριθμός_τραπεζικού_λογαριασμού|bankahesapno|Hesabın nömrəsi|банк_шоты|hisobraqam|Расчётный счёт|"
     "розрахунковий_рахунок|банкаўскірахунак|ანგარიშის ნომერი|Հաշվեհամար|رقمالحسابالبنكي|מס' חשבון|"
     "شماره_حساب|بینکاکاؤنٹنمبر|बैंक खाता|একাউন্ট_নম্বর|கணக்குஎண்|ఖాతా సంఖ్య|बँक_खाते_क्रमांक|ખાતાક્રમાંક|"
     "ਖਾਤਾ ਨੰਬਰ|බැංකු_ගිණුම්_අංකය|खातानम्बर|เลขบัญชีธนาคาร|ເລກທີບັນຊີ|លេខគណនីធនាគារ|ဘဏ်အကောင့်နံပါတ်|số_tài_khoản|"
     "nomorrekening|Akaun bank|numero_ng_account|帐号|帳號|銀行口座|계좌번호|Nambari ya akaunti|የሂሳብ_ቁጥር|"
     "cuntasbainc|Rhif cyfrif|compte_bancari|kontuzenbakia|Conta bancaria|kont_bankarju|Kontosnummer|"
     "Дансны дугаар"},
    // Passwords
    {R"("hunter22")",
     "Passwort|nouveau_mot_de_passe|nuevacontraseña|Nova senha|parola_chiave_segreta|nieuwwachtwoord|"
     "Kodeord|gammelt_passord|Passord|Lösenord|vahvista_salasana|nýttlykilorð|Parool|jaunā_parole|"
     "pakartokiteslaptažodį|Hasło|Heslo|potvrďteheslo|Potrdi geslo|Zaporka|Lozinka|Nova lozinka|Лозинка|"
     "Парола|parola_nouă|jelszómegerősítése|Fjalëkalimi|επιβεβαίωση_κωδικού|Şifreniz|Şifrə|құпия_сөз|"
     "maxfiysoz|Повторите пароль|підтвердження_пароля|новыпароль|პაროლი|նոր_գաղտնաբառ|الرقمالسري|"
     "אימות סיסמה|پسورد|نیاپاسورڈ|नया पासवर्ड|গোপন_নম্বর|கடவுச்சொல்|సంకేతపదం|पासवर्ड|પાસવર્ડ|ਪਾਸਵਰਡ|රහස්_පදය|"
     "ยืนยันรหัสผ่าน|ລະຫັດຜ່ານ|ពាក្យសម្ងាត់ថ្មី|စကားဝှက်|nhập_lại_mật_khẩu|Sandi|Kata laluan|Password|确认密码|密碼|"
     "暗証番号|패스워드|Nenosiri jipya|የይለፍ_ቃል|focalfaire|Cyfrinair|nova_contrasenya|Pasahitza|"
     "Novo contrasinal|neitpasswuert|Нууц үг"},
    // Addresses
    {R"("Lindenstr. 5")",
     "Adresse|adresse_postale|direcciónpostal|Endereço de cobrança|indirizzo_di_spedizione|Thuisadres|"
     "Bopælsadresse|Leveringsadresse|Bustadadresse|Leveransadress|Laskutusosoite|Póstfang|Elukoha aadress|"
     "piegādes_adrese|Adresas|Adres zamieszkania|Adresa|adresabydliska|Domači naslov|adresa_dostave|"
     "adresastanovanja|Adresa stanovanja|Пребивалиште|адресанаживеалиште|Настоящ адрес|adresa_de_domiciliu|"
     "tartózkodásihely|Adresa e dërgesës|Κατοικία|teslimatadresi|Yaşayış ünvanı|Мекенжайы|"
     "yetkazibberishmanzili|Адрес|адреса_проживання|Адрас|საცხოვრებელი მისამართი|առաքման_հասցե|عنوانالمنزل|"
     "כתובת משלוח|آدرس_پستی|مستقلپتہ|पता|বাসার_ঠিকানা|முகவரி|ఇంటి చిరునామా|कायमचा_पत्ता|કાયમીસરનામું|ਪਤਾ|"
     "නිවසේ_ලිපිනය|हालकोठेगाना|ที่อยู่จัดส่ง|ທີ່ຢູ່ປະຈຸບັນ|អាស័យដ្ឋាន|အိမ်လိပ်စာ|chỗ_ở_hiện_tại|alamatpengiriman|"
     "Alamat surat-menyurat|lugar_ng_tirahan|现住址|寄送地址|請求先住所|배송지|Anuani|የመኖሪያ_አድራሻ|"
     "seoladhpoist|Cyfeiriad|adreça_d_enviament|Helbidea|Enderezo|indirizz_tad_dar|Heemadress|Хаяг"},
};

constexpr Names kBeside[] = {
    // Given names
    {R"("Zorbl")",
     "Vorname|Prénoms|Nombres|Nome próprio|nome_di_battesimo|Voornamen|Fornavn|Fornamn|Tilltalsnamn|"
     "Etunimet|Skírnarnafn|Eesnimi|Vārds|Vardas|Imię|Jméno|krstnémeno|Ime|Име|Собствено име|Prenumele|"
     "Keresztnév|Emri|μικρό_όνομα|Adı|Ad|Есімі|Ism|Imya|ім_я|уласнаеімя|სახელი|Անունը|الاسم|שם פרטי|نام|"
     "پہلانام|पहला नाम|প্রথম_নাম|முதல்பெயர்|పేరు|नाव|પહેલુંનામ|ਪਹਿਲਾ ਨਾਮ|නම|पहिलोनाम|ชื่อแรก|ຊື່|នាម|အမည်|tên_gọi|"
     "namapanggilan|Nama|unang_pangalan|名字|名|名前|이름|Jina|ስም|anchéadainm|Enw cyntaf|nom_de_pila|Izena|"
     "Nome de pía|Isem|Virnumm|Нэр"},
    // Streets
    {R"("Lindenstr. 5")",
     "Straße|nom_de_la_rue|nombredelacalle|Nome da rua|indirizzo_e_numero_civico|Straatnaam|Vejnavn og nr.|"
     "Gate|Gatenamn|Gata och nummer|Katuosoite|Götunafn|Tänav|iela_un_mājas_numurs|gatvėspavadinimas|"
     "Nazwa ulicy|ulice_a_číslo|ulicaačíslodomu|Ulica in številka|naziv_ulice|ulicaibroj|Ulica|"
     "улица_и_број|улицаиброј|Улица|strada_și_numărul|Utcanév|Rruga|Οδός|caddeadı|Küçə|Көшесі|koʻchanomi|"
     "Улица и дом|вулиця_будинок|вуліцадом|ქუჩა|փողոց_և_շենք|شارع|רחוב ומספר בית|نام_خیابان|گلینمبر|सड़क|"
     "সড়ক|தெரு|వీధి పేరు|रस्ता|રસ્તો|ਗਲੀ|පාර|सडक|ซอย|ຖະໜົນ|ផ្លូវលេខ|လမ်း|số_nhà_và_tên_đường|jalandannomor|"
     "Nama jalan|Kalye|路名|街道|町名番地|길이름|Barabara|መንገድ|sráidagusuimhir|Stryd|carrer_i_número|Kalea|"
     "Rúa e número|Triq|Stroossennumm|Гудамж"},
    // Towns
    {R"("Xqwert")",
     "Ort|Commune|Población|Cidade de residência|città_di_residenza|Woonplaats|Bynavn|Bosted|Stad|Postort|"
     "Kaupunki|Bær|Linn|apdzīvota_vieta|Gyvenvietė|Miejscowość|Město|Obec|Naselje|mjesto_prebivališta|"
     "Općina|Mesto|место_становања|населеноместо|Град|Localitate|Helység|Qyteti|πόλη_χωριό|İlçe|Şəhər|"
     "Қаласы|Shahar|Город|Місто|населеныпункт|ქალაქი|Համայնք|البلدة|עיר מגורים|شهر|شہر|शहर|নগর|நகரம்|పట్టణం|"
     "गाव|ગામ|ਸ਼ਹਿਰ|නගරය|नगरपालिका|จังหวัด|ເມືອງ|ក្រុង|မြို့|tỉnh_thành_phố|Kota|Bandaraya|Siyudad|市|城市|市町村|"
     "시|Jiji|ከተማ|Cathair|Dinas|Localitat|Udalerria|Cidade|Raħal|Wunnuert|Хот"},
    // Districts
    {R"("Xqwert")",
     "Bundesland|Canton|Distrito|Freguesia|Provincia|Deelgemeente|Kommune|Fylke|Landskap|Kunta|Landshluti|"
     "Maakond|Pagasts|Savivaldybė|Dzielnica|Okres|mestskáčasť|Občina|Općina|Kanton|Okrug|Општина|Регион|"
     "Област|Comună|Kerület|Qarku|Περιφέρεια|Mahalle|Rayon|Облыс|Mahalla|Район|Громада|Раён|რაიონი|Շրջան|"
     "الولاية|מחוז|استان|تحصیل|तहसील|থানা|வட்டம்|జిల్లా|तालुका|તાલુકો|ਜ਼ਿਲ੍ਹਾ|පළාත|वडानं|เขต|ແຂວງ|ឃុំ|ပြည်နယ်|"
     "phường_xã|Kelurahan|Negeri|Barangay|县|區|区|시도|Kaunti|ክልል|Contae|Comarca|Probintzia|Distrett|"
     "Хороо"},
};

constexpr Names kWhose[] = {
    // Whose
    {R"({"name": "Zorbl Xqwert"})",
     "Kunde|Benutzer|Cliente|Utilisateur|Usuaria|Empleado|Funcionário|Paciente|Acquirente|Destinatario|"
     "Ontvanger|Verzekerde|Gæst|Bruger|Bruker|Ansatt|Mottakar|Kjøpar|Anställd|Patient|Työntekijä|Potilas|"
     "Viðtakandi|Viðskiptavinur|Saaja|Kaardiomanik|Lietotājs|Darbinieks|Klientas|Vartotojas|Ubezpieczony|"
     "Klient|Zákazník|Uživatel|Používateľ|Užívateľ|Zaposleni|Pacient|Pacijent|Primatelj|Kupac|Korisnik|"
     "Primalac|Klijent|Прималац|Клијент|Примач|Корисник|Клиент|Потребител|Utilizator|Angajat|Felhasználó|"
     "Vevő|Marrësi|Klienti|Πελάτης|Χρήστης|Yolcu|Müşteri|Müştəri|İstifadəçi|тапсырыс_беруші|Пайдаланушы|"
     "Xodim|Bemor|Абонент|Пассажир|Працівник|Пацієнт|Атрымальнік|Кліент|მომხმარებელი|კლიენტი|Օգտատեր|"
     "Օգտվող|عميل|مستخدم|קונה|נמען|خریدار|گیرنده|گاہک|ملازم|ग्राहक|उपयोगकर्ता|রোগী|ক্রেতা|பணியாளர்|வாடிக்கையாளர்|"
     "వినియోగదారు|కస్టమర్|कर्मचारी|रुग्ण|દર્દી|ગ્રાહક|ਗਾਹਕ|ਵਰਤੋਂਕਾਰ|පරිශීලකයා|සේවකයා|प्रयोगकर्ता|ผู้ป่วย|ผู้ซื้อ|"
     "ຜູ້ໃຊ້|ພະນັກງານ|បុគ្គលិក|អតិថិជន|လူနာ|ဖောက်သည်|hành_khách|khách_hàng|Nasabah|Penumpang|Pesakit|Pembeli|"
     "Mamimili|Pasyente|买家|收件人|顧客|會員|お客様|ユーザー|직원|환자|Mgonjwa|Mnunuzi|ደንበኛ|ተጠቃሚ|"
     "Custaiméir|Úsáideoir|Gweithiwr|Cwsmer|Comprador|Destinatari|Langilea|Pazientea|Usuario|Empregado|"
     "Impjegat|Pazjent|Client|Benotzer|Хэрэглэгч|Үйлчлүүлэгч"},
};

constexpr Names kBare[] = {
    // Names of whatever is above
    {R"("Zorbl Xqwert")",
     "Name|Nom|Nombre|Nome|Naam|Navn|Namn|Nimi|Nafn|Vārds|Vardas|Nazwa|Název|Meno|Názov|Ime|Naziv|Име|"
     "Назив|Denumire|Nume|Név|Megnevezés|Emërtimi|Emri|Ονομασία|İsim|Ad|Атауы|Аты|Ism|Nomi|Назва|სახელი|"
     "დასახელება|Անվանում|Անուն|שם|نام|নাম|பெயர்|పేరు|नाव|નામ|ਨਾਮ|නම|ຊື່|ឈ្មោះ|အမည်|နာမည်|Tên|Nama|Pangalan|名称|"
     "名稱|명칭|Jina|ስም|Ainm|Enw|Izena|Isem|Numm|Нэр"},
};

constexpr Names kOther[] = {
    // Products, files, companies
    {R"("Ultra Kettle")",
     "Produktname|nom_de_fichier|nombredelaempresa|Nome do ficheiro|nome_del_prodotto|Bedrijfsnaam|"
     "Varenavn|Firmanavn|Produktnamn|Filnamn|Tiedostonimi|nafnfyrirtækis|Toote nimi|faila_nosaukums|"
     "failopavadinimas|Nazwa towaru|název_produktu|názovfirmy|Ime podjetja|ime_tvrtke|nazivdatoteke|"
     "Naziv proizvoda|назив_датотеке|именадатотека|Име на продукта|denumire_produs|termékneve|"
     "Emri i produktit|όνομα_προϊόντος|mağazaadı|Məhsulun adı|тауар_атауы|mahsulotnomi|Название компании|"
     "назва_файлу|назвафайла|პროდუქტის სახელი|ապրանքի_անվանում|اسمالشركة|שם חברה|نام_محصول|فائلکانام|"
     "उत्पाद का नाम|ফাইলের_নাম|பொருளின்பெயர்|ఫైల్ పేరు|उत्पादनाचे_नाव|ફાઇલનુંનામ|ਉਤਪਾਦ ਦਾ ਨਾਮ|නිෂ්පාදනයේ_නම|"
     "उत्पादनकोनाम|ชื่อไฟล์|ຊື່ໄຟລ໌|ឈ្មោះក្រុមហ៊ុន|ကုန်ပစ္စည်းအမည်|tên_hàng|namaberkas|Nama produk|"
     "pangalan_ng_file|商品名|產品名稱|製品名|파일명|Jina la bidhaa|የፋይል_ስም|ainmcomhaid|Enw'r cynnyrch|"
     "nom_del_fitxer|enpresarenizena|Nome da empresa|isem_tal_fajl|Firmennumm|Бүтээгдэхүүний нэр"},
    // Orders, invoices
    {R"("A-104 7712")",
     "Bestellnummer|numéro_de_facture|númerodefactura|Número do pedido|numero_ordine|Factuurnummer|"
     "Ordrenummer|Bestillingsnummer|Fakturanummer|Laskunumero|Vörunúmer|tellimusenumber|Rēķina numurs|"
     "užsakymo_numeris|numerzamówienia|Číslo faktury|číslo_faktúry|številkanaročila|Broj narudžbenice|"
     "broj_narudžbe|brojnarudžbine|Број поруџбине|број_на_нарачка|номернапоръчка|Număr factură|"
     "megrendelés_száma|numriiporosisë|Αριθμός παραγγελίας|sipariş_numarası|sifarişnömrəsi|Тапсырыс нөмірі|"
     "buyurtma_raqami|номерзаказа|Номер замовлення|нумар_замовы|შეკვეთისნომერი|Պատվերի համար|رقم_الطلب|"
     "מספרחשבונית|شماره سفارش|آرڈر_نمبر|ऑर्डरनंबर|অর্ডার নম্বর|ஆர்டர்_எண்|ఆర్డర్నంబర్|ऑर्डर क्रमांक|ઓર્ડર_નંબર|"
     "ਆਰਡਰਨੰਬਰ|ඇණවුම් අංකය|अर्डर_नम्बर|เลขที่ใบสั่งซื้อ|ເລກຄຳສັ່ງຊື້|លេខបញ្ជាទិញ|အော်ဒါနံပါတ်|Số đơn hàng|"
     "nomor_faktur|nomborpesanan|Numero ng order|发票号码|訂單編號|請求書番号|주문번호|nambariyaoda|"
     "የትዕዛዝ ቁጥር|uimhir_ordaithe|rhifarcheb|Número de factura|eskaera_zenbakia|númerodepedido|"
     "Numru tal-ordni|захиалгындугаар"},
    // Amounts
    {R"(1250)",
     "Betrag|montant_total|Cantidad|Valor total|importo_totale|Aantal|Beløb|Antall|Belopp|Määrä|Magn|Summa|"
     "Daudzums|Suma|Kwota|Částka|Množstvo|Znesek|Količina|Iznos|Износ|Количина|Сума|Cantitate|Összeg|Sasia|"
     "Ποσότητα|toplam_tutar|Məbləğ|Саны|Miqdori|Сумма|Кількість|Колькасць|თანხა|Քանակ|الإجمالي|כמות|مبلغ|"
     "تعداد|राशि|টাকার পরিমাণ|தொகை|పరిమాణం|रक्कम|જથ્થો|ਰਕਮ|ප්‍රමාණය|रकम|จำนวนเงิน|ຈຳນວນ|ចំនួនទឹកប្រាក់|ပမာဏ|"
     "Số lượng|Jumlah|Amaun|Halaga|总金额|金額|数量|총액|Jumla|መጠን|Méid|Swm|Quantitat|Zenbatekoa|Cantidade|"
     "Ammont|Дүн"},
    // Statuses
    {R"("shipped")",
     "Status|état_de_la_commande|Estado|Estado do pedido|Stato|Bestelstatus|Ordrestatus|Orderstatus|Tila|"
     "Staða|Olek|Statuss|Būsena|statuszamówienia|Stav|stav_objednávky|stanjenaročila|Stanje narudžbe|"
     "Статус|Състояние|Status comandă|Állapot|Statusi|Κατάσταση|sipariş_durumu|Vəziyyət|Мәртебесі|Holati|"
     "статусзаказа|Стан замовлення|სტატუსი|Կարգավիճակ|الحالة|מצב|وضعیت|حالت|स्थिति|অবস্থা|நிலை|స్థితి|स्थिती|"
     "સ્થિતિ|ਸਥਿਤੀ|තත්ත්වය|अवस्था|สถานะ|ສະຖານະ|ស្ថានភាព|အခြေအနေ|Tình trạng|Katayuan|订单状态|狀態|ステータス|"
     "상태|Hali|ሁኔታ|Stádas|Statws|Estat|Egoera|Төлөв"},
};
// clang-format on

std::vector<std::string> parts_of(const char* text) {
    std::istringstream in(text);
    std::vector<std::string> parts;
    for (std::string part; std::getline(in, part, '|');) parts.push_back(part);
    return parts;
}

std::string member(const std::string& name, const std::string& value) {
    std::string text = "\"";
    for (char c : name) text += c == '"' ? std::string("\\\"") : std::string(1, c);
    return text + "\":" + value;
}

TEST(PiiLanguages, NamesOfPii) {
    for (const Names& row : kNames)
        for (const std::string& name : parts_of(row.names))
            EXPECT_EQ(scrubbed("{" + member(name, row.value) + "}"), "{}") << name << ' ' << row.value;
}

TEST(PiiLanguages, NamesOfPiiBesideAPersons) {
    for (const Names& row : kBeside)
        for (const std::string& name : parts_of(row.names)) {
            const std::string city = member(name, row.value);
            EXPECT_EQ(scrubbed("{\"surname\":\"Lee\"," + city + "}"), "{}") << name;
        }
}

TEST(PiiLanguages, TownsAreNobodysWithoutAPerson) {
    for (const char* name : {"Naselje", "bynavn", "Qyteti", "Şəhər", "ქალაქი", "քաղաք", "ເມືອງ", "শহর", "நகரம்",
                             "నగరం", "ទីក្រុង", "ከተማ", "شہر", "Miestas"}) {
        const std::string document = "{" + member(name, "\"Xqwert\"") + "}";
        EXPECT_EQ(scrubbed(document), document);
    }
}

TEST(PiiLanguages, WordsForPersons) {
    for (const Names& row : kWhose)
        for (const std::string& name : parts_of(row.names)) {
            const std::string document = "{" + member(name, row.value) + "}";
            EXPECT_EQ(scrubbed(document), "{" + member(name, "{}") + "}");
        }
    for (const Names& row : kBare)
        for (const std::string& name : parts_of(row.names)) {
            const std::string whose = member(name, row.value);
            EXPECT_EQ(scrubbed("{\"customer\":{" + whose + "}}"), "{\"customer\":{}}") << name;
            const std::string product = "{\"product\":{" + member(name, "\"Ultra Kettle\"") + "}}";
            EXPECT_EQ(scrubbed(product), product);
        }
}

TEST(PiiLanguages, WhatIsNoPersons) {
    for (const Names& row : kOther)
        for (const std::string& name : parts_of(row.names)) {
            const std::string document = "{" + member(name, row.value) + "}";
            EXPECT_EQ(scrubbed(document), document);
        }
}

// The titles of books, codes of goods: what words for an address or a password are in other languages, too.
TEST(PiiLanguages, WordsOfTwoMeanings) {
    for (const char* document : {R"({"naslov":"Ultra Kettle"})", R"({"cím":"Ultra Kettle"})",
                                 R"({"šifra":"A-104"})", R"({"portable":true})", R"({"by":"shipped"})",
                                 R"({"Identifikationsnummer":"Kettle 7"})", R"({"patente":"Ultra Kettle"})"})
        EXPECT_EQ(scrubbed(document), document);
}

// Written in capitals, in small letters, and in more than one way: signs on letters, one or two code points.
TEST(PiiLanguages, WaysToWriteANameOfALanguage) {
    for (const char* name :
         {"ΑΡΙΘΜΟΣ ΚΑΡΤΑΣ", "Αριθμός κάρτας", "αριθμοσκαρτασ", "αριθμός_κάρτας", "ΑΡΙΘΜΌΣ ΚΆΡΤΑΣ",
          "НОМЕР НА КАРТА", "номерНаКарта", "BROJ KARTICE", "broj-kartice", "Číslo karty",
          "C\u030ci\u0301slo karty", "CISLO_KARTY", "कार्ड नंबर", "कार्ड_नंबर", "หมายเลขบัตร", "ਕਾਰਡ ਨੰਬਰ",
          "ကတ်နံပါတ်", "លេខកាត", "කාඩ්පත් අංකය"})
        EXPECT_EQ(scrubbed("{" + member(name, "\"5018123456789013\"") + "}"), "{}") << name;
}

TEST(PiiLanguages, LinesOfAddressesAndNumbersOfOrders) {
    for (const char* name : {"adresregel_1", "anschriftszeile2", "adresselinje1", "adressrad",
                             "direccion_linea_1", "stateOrProvinceCode", "administrative_district_level_1"})
        EXPECT_EQ(scrubbed("{\"" + std::string(name) + "\":\"Skovvej 7\",\"n\":1}"), R"({"n":1})") << name;
    for (const char* name : {"numeroCommande", "Bestellnummer", "numer_zamowienia", "siparisNo",
                             "номер_заказа", "ordrenummer", "numeroPedido"}) {
        const std::string document = "{\"" + std::string(name) + "\":\"82349304216\"}";
        EXPECT_EQ(scrubbed(document), document) << name;
    }
    EXPECT_EQ(scrubbed(R"({"họ":"Phan","n":1})"), R"({"n":1})");
    EXPECT_EQ(scrubbed(R"({"ho":"Phan"})"), R"({"ho":"Phan"})");
}

TEST(PiiLanguages, NumbersOfDocumentsThatAreLettersButForOneDigit) {
    for (const char* name : {"passportNo", "driving_licence_number"})
        for (const char* value : {"QWZRTUP7K", "HGTRLP0FFY", "KV0HUKEO0EM"})
            EXPECT_EQ(scrubbed("{\"" + std::string(name) + "\":\"" + value + "\"}"), "{}") << value;
    EXPECT_EQ(scrubbed(R"({"passportNo":"0000000"})"), R"({"passportNo":"0000000"})");
    EXPECT_EQ(scrubbed(R"({"passportNo":"NOT REQUIRED"})"), R"({"passportNo":"NOT REQUIRED"})");
}

}  // namespace
}  // namespace gpsync::core::pii

// Names of members in languages of other scripts as they are written in Latin letters, abbreviated columns,
// and whose a name is in the genitive.
#include <gtest/gtest.h>

#include <sstream>
#include <string>
#include <string_view>

#include "core/pii/names/name_class.hpp"
#include "pii_scrub_helpers.hpp"

namespace gpsync::core::pii {
namespace {

struct Names {
    const char* detector;
    const char* names;
};

// clang-format off
constexpr Names kNames[] = {
    {"person_name",
     "familiya imya otchestvo_klienta imya_pokupatelya FIO_KLIENTA kanji_shimei onamae xingming seongmyeong "
     "onomateponimo shem_prati shem_mishpacha ism_kamil al_ism_al_awwal pura_naam nam_khanevadegi "
     "CUST_FST_NM FST_NM LST_NAME F_NAME LNM VORN müşterinin_adı asiakkaanNimi ügyfél_neve "
     "numele_clientului jméno_zákazníka meno_zákazníka kliendi_nimi имяКлиента emri_i_klientit "
     "bezeroaren_izena anne_adı äidin_nimi isibongo sunan_mahaifi"},
    {"birth_date",
     "data_rozhdeniya seinengappi chusheng_riqi saengnyeonworil imerominia_gennisis taarich_leida "
     "tarikh_almilad janm_tithi BTH_DT DOB_TS dobEpoch tanggal_lair usuku_lokuzalwa"},
    {"phone",
     "nomer_telefona denwa_bangou shoujihao jeonhwa_beonho mispar_telefon raqm_hatif shomareh_tamas "
     "PH_NBR HM_PH_NBR MBL_NO TELFX phoneNational nomer_telpon"},
    {"address",
     "adres_prozhivaniya jusho dizhi doromyeong_juso dieuthinsi ktovet alunwan ghar_ka_pata yuubin_bangou "
     "youzheng_bianma ADDRESS_LN1 ZIPCD födelseort syntymäpaikka miesto_narodenia место_рођења 出生地 "
     "lägenhetsnummer číslo_bytu poskode"},
    {"email", "elektronnaya_pochta dianzi_youxiang imeil_juso EML_ADR elektron_poçta"},
    {"pan", "nomer_kartki kaado_bangou yinhang_kahao kadeu_beonho raqm_albitaqa PLASTIC_NBR CRCARD_NO kortnummar"},
    {"cvv", "CRD_SEC_CD CARD_VRFY_CD CVV_CDE"},
    {"expiry", "CC_EXPR CARD_EXPIR_DT CRD_EXP_MMYY"},
    {"account", "ACNT_NO DDA_NBR BNK_ACCT_NO"},
    {"national_id", "shenfenzheng jumin_beonho teudat_zehut kode_melli NTNL_ID"},
};
// clang-format on

TEST(PiiRomanised, NamesAreKnownInEveryStyle) {
    for (const Names& row : kNames) {
        std::istringstream names(row.names);
        for (std::string name; names >> name;)
            EXPECT_EQ(info(classify_name(name, {}).subject).name, row.detector) << name;
    }
}

TEST(PiiRomanised, RolesAndTownsDependOnWhatStandsBeside) {
    expect_scrubbed(R"({"LST_NM":"Hoekstra","CTY_NM":"Leeds","ST_CD":"CA"})", R"({"ST_CD":"CA"})");
    expect_scrubbed(R"({"familiya":"Hoekstra","gorod":"Leeds"})", "{}");
    for (std::string_view kept :
         {R"({"gorod":"Leeds","shop":"Acme"})", R"({"campaign":{"ism":"Spring Sale"}})",
          R"({"shi":"Order open"})", R"({"CDATE":"2026-01-02","MATNR":"000000000012345678"})",
          R"({"FILE_NM":"Old Report"})", R"({"MDL_NM":"Blue Shirt"})", R"({"user_nav":"Home"})",
          R"({"imya_fayla":"Otchet Mart"})", R"({"email":"a","nav":"Main Menu"})",
          R"({"PROV_NM":"North Holland"})", R"({"CHNAME":"Radio One"})", R"({"personas":["Busy Mom"]})",
          R"({"lastName":"","polis":"PA-12"})", R"({"PROD_NM":"Blue Shirt"})", R"({"pat":"src/main.c"})",
          R"({"nimi":"Blue Shirt"})", R"({"budova":"Tower House"})", R"({"MSG_TXT":"Order received"})",
          R"({"eml":"mail.eml"})"})
        expect_kept(kept);
}

}  // namespace
}  // namespace gpsync::core::pii

// Payments' own formats: chip card data as TLV or as members, messages of ISO 8583 as maps of their elements.
#include <random>

#include "core/hex.hpp"
#include "core/pii/base64.hpp"
#include "core/pii/detect/emv_tlv.hpp"
#include "core/pii/names/emv_tags.hpp"
#include "pii_scrub_helpers.hpp"

namespace gpsync::core::pii {
namespace {

// A purchase: PAN, track 2, expiry, name, cryptogram, and what may stay.
constexpr std::string_view kPurchase =
    "5A0841111111111111115713411111111111111D271210100000000000000F5F24032712315F200C444F452F4A4F484E20512E20"
    "5F3401019F26081122334455667788"
    "9F2701809F10120110A00003220000000000000000000000FF9F370499AABBCC9F36020042950500000080009A03261123"
    "9C01005F2A020978820219809F1A0202769F34031E03009F3303E0F8C89F02060000000012345F30020201";
// The same without them.
constexpr std::string_view kLeft =
    "5F3401019F2701809F370499AABBCC9F36020042950500000080009A032611239C01005F2A020978820219809F1A0202769F3403"
    "1E0300"
    "9F3303E0F8C89F02060000000012345F30020201";

std::string purchase() {
    // The track has an odd digit too many above: 57 with its length.
    std::string text(kPurchase);
    const std::string track = "4111111111111111D271210100000000000000F";
    const size_t at = text.find("5713");
    const size_t end = text.find("5F2403");
    text.replace(at, end - at, "5713" + track.substr(0, 38));
    return text;
}

std::string document(std::string_view name, std::string_view value) {
    return '{' + in_quotes(name) + ':' + in_quotes(value) + '}';
}

TEST(PiiChipData, KeepsCountersAndResults) {
    EmvTlv tlv;
    ASSERT_TRUE(tlv.parse(purchase()));
    ASSERT_TRUE(tlv.looks_like_emv(2));
    for (const char* name :
         {"tlv", "icc", "iccData", "ICC_DATA", "emvData", "emvTags", "field55", "de55", "note", "x"})
        EXPECT_EQ(scrubbed_twice(document(name, purchase())), document(name, kLeft)) << name;
    EXPECT_EQ(found_in(document("icc", purchase())),
              "$.icc pan remove\n$.icc track remove\n$.icc expiry remove\n$.icc person_name remove\n"
              "$.icc cryptogram remove\n");
    // In lower case, in a text, with blanks, in base64, in embedded JSON.
    std::string lower = purchase(), left(kLeft);
    for (char& c : lower) c = to_lower(c);
    for (char& c : left) c = to_lower(c);
    EXPECT_EQ(scrubbed_twice(document("x", lower)), document("x", left));
    EXPECT_EQ(scrubbed_twice(document("log", "terminal 7: DE55=" + purchase() + ", sent")),
              document("log", "terminal 7: DE55=" + std::string(kLeft) + ", sent"));
    EXPECT_EQ(scrubbed_twice(document("emv", "9F 26 08 11 22 33 44 55 66 77 88 9F 36 02 00 42")),
              document("emv", "9F 36 02 00 42"));
    EXPECT_EQ(scrubbed_twice(document("j", R"({"iccData":"9F260811223344556677889F360200"})")),
              document("j", "{}"));
    const std::string coded =
        base64_encode(std::string("\x9F\x26\x08\x11\x22\x33\x44\x55\x66\x77\x88\x9F\x36\x02\x00\x42", 16),
                      Base64Alphabet::kStandard, true);
    EXPECT_EQ(scrubbed_twice(document("iccData", coded)),
              document("iccData", base64_encode(std::string("\x9F\x36\x02\x00\x42", 5),
                                                Base64Alphabet::kStandard, true)));
}

TEST(PiiChipData, TemplatesAreWalkedAndLengthsCorrected) {
    // 77 {9F27, 9F36, 9F26}, then a status word; E1 {5A, DF01 …}; a template of which nothing is left.
    EXPECT_EQ(scrubbed_twice(document("x", "771B9F2701809F360200429F260811223344556677889F3704AABBCCDD9000")),
              document("x", "77109F2701809F360200429F3704AABBCCDD9000"));
    EXPECT_EQ(scrubbed_twice(document("tlv", "E10A5A084111111111111111")), "{}");
    EXPECT_EQ(scrubbed_twice(document("tlv", "70819B")), document("tlv", "70819B"));
    EXPECT_EQ(scrubbed_twice(document("tlv", "E10F5A0841111111111111119F3602004282021980")),
              document("tlv", "E1059F3602004282021980"));
    EXPECT_EQ(scrubbed_twice(document("tlv", "7081115A0841111111111111119F3602004282")), "{}");
    // Of a length in more bytes, as many stay.
    EXPECT_EQ(scrubbed_twice(document("tlv", "70810F5A0841111111111111119F36020042")),
              document("tlv", "7081059F36020042"));
    // What the table does not know: a value as long as a cryptogram goes, and a card number, others stay.
    EXPECT_EQ(scrubbed_twice(document("tlv", "DF01081122334455667788DF0202ABCDDF030741111111111111")),
              document("tlv", "DF0202ABCDDF030741111111111111"));
    EXPECT_EQ(scrubbed_twice(document("tlv", "DF010841111111111111119F36020042")),
              document("tlv", "9F36020042"));
    // Scripts, PIN data, issuer authentication data, track discretionary data.
    EXPECT_EQ(scrubbed_twice(document("tlv",
                                      "7109860700DA9F5802010299081122334455667788910A11223344556677883030"
                                      "9F1F043132333456043132333495050000008000")),
              document("tlv", "95050000008000"));
}

TEST(PiiChipData, NotReadableUnderItsNameGoes) {
    EXPECT_EQ(scrubbed_twice(document("iccData", "9F26081122334455")), "{}");
    EXPECT_EQ(scrubbed_twice(document("emvData", "A1B2C3D4E5F60718293A4B")), "{}");
    for (const char* kept : {"present", "yes", "not supported", "", "contact"})
        EXPECT_EQ(scrubbed_twice(document("emv", kept)), document("emv", kept));
}

TEST(PiiChipData, RandomHexIsNone) {
    std::mt19937 engine(7);
    size_t taken = 0, count = 0;
    for (const size_t bytes : {8, 16, 20, 32, 64})
        for (int i = 0; i < 40000; ++i, ++count) {
            std::string digits;
            for (size_t k = 0; k < bytes; ++k) {
                const char byte = static_cast<char>(engine());
                hex::append(digits, {&byte, 1}, hex::kUpper);
            }
            EmvTlv tlv;
            taken += begins_with_emv_tag(digits) != nullptr && tlv.parse(digits) && tlv.looks_like_emv(2);
        }
    EXPECT_LT(static_cast<double>(taken) / static_cast<double>(count), 3e-5) << taken;
    for (const char* kept : {"5a105ac4f1e2d3b4a5968778695a4b3c2d1e0f00",
                             "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "57065A",
                             "9F36", "da39a3ee5e6b4b0d3255bfef95601890afd80709"})
        EXPECT_EQ(scrubbed_twice(document("x", kept)), document("x", kept));
}

TEST(PiiChipData, MembersByTheirTags) {
    EXPECT_EQ(
        scrubbed_twice(
            R"({"5A":"4111111111111111F","9F26":"1122334455667788","9F36":"0042","9F37":"99AABBCC",)"
            R"("5F24":"271231","5F20":"DOE/JOHN","95":"0000008000","9F10":"0110A00003220000","82":"1980"})"),
        R"({"9F36":"0042","9F37":"99AABBCC","95":"0000008000","82":"1980"})");
    EXPECT_EQ(
        scrubbed_twice(
            R"({"emvData":{"57":"4111111111111112D2712","99":"1122334455667788","82":"1980","9C":"00"}})"),
        R"({"emvData":{"82":"1980","9C":"00"}})");
    EXPECT_EQ(scrubbed_twice(
                  R"([{"tag":"5A","value":"4111111111111112"},{"tag":"9F26","value":"1122334455667788"},)"
                  R"({"tag":"9F36","value":"0042"},{"tag":"57","data":"4111111111111112D2712101"}])"),
              R"([{"tag":"5A"},{"tag":"9F26"},{"tag":"9F36","value":"0042"},{"tag":"57"}])");
    EXPECT_EQ(
        scrubbed_twice(
            R"({"emvData":{"atc":"0042","unpredictableNumber":"99AABBCC","cryptogram":"1122334455667788",)"
            R"("applicationTransactionCounter":66,"tvr":"0000008000","raw":"9F26081122334455667788"}})"),
        R"({"emvData":{"atc":"0042","unpredictableNumber":"99AABBCC",)"
        R"("applicationTransactionCounter":66,"tvr":"0000008000"}})");
    EXPECT_EQ(
        scrubbed_twice(R"({"cryptogram":{"value":"AgAAAAAAAIR8CQrXcIhbQAAAAAA=","atc":"00420000000042",)"
                       R"("unpredictableNumber":"99AABBCC99"}})"),
        R"({"cryptogram":{"atc":"00420000000042","unpredictableNumber":"99AABBCC99"}})");
    for (const char* kept : {R"({"57":"six words are here in it","99":"ok"})", R"({"5f20":"a note on it"})",
                             R"({"tag":"red","value":"big car"})", R"({"56":120,"57":130,"58":140,"71":3})",
                             R"({"code":"57","value":"some longer text"})"})
        EXPECT_EQ(scrubbed_twice(kept), kept);
}

TEST(PiiChipData, ACardNumberByItsTagWhateverItsPlace) {
    EXPECT_EQ(scrubbed(R"({"x": {"5A": "5067954158231834", "9F26": "3502AA9C0D19121D", "82": "3900"}})"),
              R"({"x": {"82": "3900"}})");
    EXPECT_EQ(scrubbed(R"({"x": {"82": "3900", "5A": "6799998900000060919F"}})"), R"({"x": {"82": "3900"}})");
    EXPECT_EQ(scrubbed(R"({"5A": "balcony"})"), R"({"5A": "balcony"})");
}

TEST(PiiIso8583, MapsOfElements) {
    const std::string map =
        R"({"0":"0200","2":"4111111111111111","3":"000000","4":"000000001234","7":"1123101112","11":"000123",)"
        R"("14":"2712",)"
        R"("22":"051","35":"4111111111111111=27121010000000000000","37":"612300000123","41":"TERM0001","49":"978",)"
        R"("52":"A1B2C3D4E5F60718","55":")" +
        purchase() + R"("})";
    const std::string out = scrubbed_twice(map);
    for (const char* gone : {"\"14\"", "\"35\"", "\"52\"", "4111"})
        EXPECT_EQ(out.find(gone), std::string::npos) << gone << out;
    for (const char* kept : {R"("0":"0200")", R"("3":"000000")", R"("11":"000123")", R"("37":"612300000123")",
                             R"("49":"978")", "9F36020042"})
        EXPECT_NE(out.find(kept), std::string::npos) << kept << out;
    for (const char* prefix : {"DE", "F", "field_", "bit", "de0"}) {
        std::string named;
        for (const auto& [number, value] : {std::pair{"3", "000000"},
                                            {"11", "000123"},
                                            {"14", "2712"},
                                            {"52", "A1B2C3D4E5F60718"},
                                            {"39", "00"}})
            named += (named.empty() ? "{\"" : ",\"") + std::string(prefix) + number + "\":\"" + value + '"';
        const std::string left = scrubbed_twice(named + '}');
        EXPECT_EQ(left.find("2712"), std::string::npos) << left;
        EXPECT_EQ(left.find("A1B2"), std::string::npos) << left;
        EXPECT_NE(left.find("000123"), std::string::npos) << left;
    }
    EXPECT_EQ(scrubbed_twice(
                  R"({"mti":"0100","fields":{"3":"0","4":"12","11":"77","14":2712,"38":"ABC123","54":"1"}})"),
              R"({"mti":"0100","fields":{"3":"0","4":"12","11":"77","38":"ABC123","54":"1"}})");
    // Maps of other numbers.
    for (const char* kept :
         {R"({"2":"4111111111111112"})", R"({"1":5,"2":7,"3":2,"4":1,"5":0})",
          R"({"5":3,"10":8,"20":1,"50":2,"100":1})", R"({"11":"a","12":"b","13":"c","14":"d"})",
          R"({"14":"2712"})", R"({"52":"A1B2C3D4E5F60718"})", R"({"f1":"a","f2":"b","f14":"2799"})",
          R"({"2020":1,"2021":2})", R"({"0":1,"3":4,"14":"hello","35":"world out there","52":"x"})"})
        EXPECT_EQ(scrubbed_twice(kept), kept);
}

TEST(PiiPayments, CryptogramsByName) {
    for (const char* name : {"xid", "cavv", "ucafAuthenticationData", "aav", "authenticationValue", "arqc",
                             "arpc", "tc", "aac", "cryptogramValue"})
        for (const char* value :
             {"1122334455667788", "AAABBEg0VhI0VniQEjRWAAAAAAA=", "jJ81HADVRtXfCBATEp01CJUAAAA="})
            EXPECT_EQ(scrubbed_twice(document(name, value)), "{}") << name << value;
    for (const char* kept : {R"({"tc":"accepted"})", R"({"aac":"mp4a.40.2"})", R"({"xid":7421})",
                             R"({"tc":12})", R"({"eci":"05"})", R"({"xid":"7421"})", R"({"aac":true})"})
        EXPECT_EQ(scrubbed_twice(kept), kept);
}

TEST(PiiPayments, PaddedCardNumbers) {
    for (const char* pan :
         {"4111111111111111F", "378282246310005F", "378282246310005f", "4111111111111111FFFF"})
        EXPECT_EQ(scrubbed_twice(document("x", pan)), "{}") << pan;
    EXPECT_EQ(scrubbed_twice(document("x", "sent 4111111111111111F now")),
              document("x", "sent [removed] now"));
    for (const char* kept : {"4111111111111112F", "4111111111111111E", "F4111111111111111F"})
        EXPECT_EQ(scrubbed_twice(document("x", kept)), document("x", kept));
}

TEST(PiiPayments, ChipDataInAnySpelling) {
    EXPECT_EQ(scrubbed_twice(document("x", "5a0855555555555544449f26081122334455667788")), "{}");
    EXPECT_EQ(scrubbed_twice(document("x", "icc=0x9F360200425A085555555555554444")),
              document("x", "icc=0x9F36020042"));
    EXPECT_EQ(scrubbed_twice(document("x", "out 9F 36 02 00 42 5A 08 55 55 55 55 55 55 44 44 end")),
              document("x", "out 9F 36 02 00 42 end"));
    EXPECT_EQ(scrubbed_twice(document("x", "9f:26:08:11:22:33:44:55:66:77:88:9f:36:02:00:42")),
              document("x", "9f:36:02:00:42"));
    EXPECT_EQ(scrubbed_twice(document("x", "9F36=0042;9F26=1122334455667788")),
              document("x", "9F36=0042;9F26=[removed]"));
    for (const char* kept : {"9f36020042aabbccddeeff0011223344556677889900aabbccddeeff00112233",
                             "01 02 03 04 05 06 07 08 09 0a 0b", "20 26 11 12 13 45 50 22 33 44 51 42",
                             "9F27=80 tvr=0000008000"})
        EXPECT_EQ(scrubbed_twice(document("x", kept)), document("x", kept));
}

TEST(PiiPayments, VerificationDataInChipDataIsOnlyRemoved) {
    const KeyRing keys = some_keys();
    for (const char* action : {"pass", "mask", "hash", "encrypt", "tokenize"}) {
        const Policy policy = policy_of(std::string(R"([{"key":"icc","action":")") + action + "\"}]");
        const std::string out = scrubbed_twice(
            document("icc", "9F260811223344556677889F3602004299081122334455667788"), policy, &keys);
        EXPECT_EQ(out.find("1122334455667788"), std::string::npos) << out;
        EXPECT_EQ(
            scrubbed(document("icc", "9F260811223344556677889F36020042"),
                     policy_of(R"([{"key":"icc","action":"hash"}])"), &keys),
            scrubbed(document("icc", "9F36020042"), policy_of(R"([{"key":"icc","action":"hash"}])"), &keys));
    }
    const Policy pass = policy_of(R"([{"detector":"pan","action":"pass"}])");
    EXPECT_EQ(scrubbed_twice(document("icc", "5A0841111111111111119F260811223344556677889F36020042"), pass),
              document("icc", "5A0841111111111111119F36020042"));
}

}  // namespace
}  // namespace gpsync::core::pii

// A card's date of expiry that is written as a whole date, and dates that are of something else.
#include "pii_marked_helpers.hpp"

namespace gpsync::core::pii {
namespace {

TEST(PiiExpiry, WholeDatesGoUnderACardsName) {
    expect_goes({
        R"({"cardExpiryDate":"«2029-11-30»"})",
        R"({"card_expiration_date":"«30/11/2029»","status":"active"})",
        R"({"CC_EXPIRY":"«2029-11-30T00:00:00Z»"})",
        R"({"panExpiry":"«30.11.2029»"})",
        R"({"cardExpiry":"«Nov 30, 2029»"})",
        R"({"cardExpiry":"«30 November 2029»"})",
        R"({"cardExpiry":«20291130»})",
        R"({"card_expiry":«1890691200»})",
        R"({"vencimientoTarjeta":"«30/11/2029»"})",
        R"({"card":{"expiry":"«2029-11-30»","brand":"visa"}})",
        R"({"debitCard":{"brand":"mc","expirationDate":"«30.11.2029»"}})",
        R"({"cards":[{"id":"c1","expirationDate":"«2029-11-30T00:00:00+00:00»"}]})",
    });
}

TEST(PiiExpiry, WholeDatesGoBesideACardsNumber) {
    expect_goes({
        R"({"pan":"«4111111111111111»","expiry":"«2029-11-30»"})",
        R"({"expires":"«2029-11-30»","pan":"«4111111111111111»"})",
        R"({"validThru":"«30/11/2029»","last4":"1111"})",
        R"({"cvv":"«123»","valid_to":"2027-05-31","expirationDate":"«2029-11-30»"})",
    });
}

// Its month and year are none of a card.
TEST(PiiExpiry, WholeDatesOfGoodsStay) {
    for (const char* name : {"scadenza", "vencimento", "vencimiento", "validade", "expiry"})
        for (const char* date : {"15/11/2027", "15-11-2027", "20/02/2028"})
            expect_kept("{\"" + std::string(name) + "\":\"" + date + "\",\"n\":1}");
    expect_scrubbed(R"({"vencimento":"02/28"})", "{}");
}

TEST(PiiExpiry, DatesOfOtherThingsStay) {
    expect_stays({
        R"({"expiryDate":"2029-11-30","product":"milk"})",
        R"({"session":{"expires":"2029-11-30T10:00:00Z"}})",
        R"({"offer_expiry":"2029-11-30"})",
        R"({"token":{"expiry":"2029-11-30"}})",
        R"({"device_token":{"expiryDate":"2029-11-30"}})",
        R"({"gift_card_expiry_date":"2029-11-30","simCardExpiry":"2029-11-30"})",
        R"({"id_card_expiry":"2029-11-30"})",
        R"({"card_expiry_notified_at":"2029-11-30"})",
        R"({"cardExpired":"2029-11-30"})",
        R"({"expediente":"EXP/1168/2025"})",
    });
    // The card's token stays in its masked form, and its date with it.
    EXPECT_EQ(scrubbed(R"({"dpan":"4111111111111111","expiry":"2029-11-30"})"),
              R"({"dpan":"************1111","expiry":"2029-11-30"})");
}

TEST(PiiExpiry, WholeDatesGoInTexts) {
    expect_goes({
        R"({"csv":"card_expiry,amount\n«2029-11-30»,5\n«2029-12-31»,6\n"})",
        R"({"log":"card_expiry=«2029-11-30» amount=5"})",
        R"({"xml":"<card><expiryDate><date month=\"«05»\" year=\"«2032»\"/></expiryDate></card>"})",
    });
}

TEST(PiiExpiry, PartsOfADateOfBirthGo) {
    expect_goes({R"({"date_of_birth":{"day":«2»,"month":«11»,"year":«1982»}})",
                 R"({"dob":{"month":«11»,"year":«1982»}})",
                 R"({"items":[{"date_of_birth":{"month":«11»,"year":«1982»}}]})"});
}

}  // namespace
}  // namespace gpsync::core::pii

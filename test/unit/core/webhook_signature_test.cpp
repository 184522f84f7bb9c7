#include <gtest/gtest.h>

#include "core/webhook/signature.hpp"

namespace gpsync::core {
namespace {

std::vector<std::string> secrets_of(std::string_view text) {
    std::vector<std::string> secrets;
    EXPECT_EQ(parse_webhook_secrets(text, secrets), "");
    return secrets;
}

// The example of the specification's libraries.
TEST(WebhookSignature, IsThatOfTheSpecification) {
    EXPECT_EQ(webhook_signature(secrets_of("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
                                "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, R"({"test": 2432232314})"),
              "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

TEST(WebhookSignature, EachSecretSigns) {
    const std::string one = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
                      other = "whsec_YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFh";
    const auto both = secrets_of(" " + one + "\r\n\t" + other + "\n");
    ASSERT_EQ(both.size(), 2U);
    EXPECT_EQ(webhook_signature(both, "a", 1, "b"), webhook_signature(secrets_of(one), "a", 1, "b") + " " +
                                                        webhook_signature(secrets_of(other), "a", 1, "b"));
}

TEST(WebhookSignature, OtherSecretsAreRefused) {
    std::vector<std::string> secrets;
    const std::string good = "whsec_YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFh";
    for (const std::string& text :
         {std::string(), std::string(" \n"), std::string("YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFh"),
          std::string("whsec_"), std::string("whsec_YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE="), good + " x",
          "whsec_" + std::string(96, 'A'), "whsec_" + std::string(1 << 20, 'A'),
          std::string("whsec_YWFhYWFhYWFhYWFhYWFhYWFhYWFhYW-_"), good + ","}) {
        const std::string problem = parse_webhook_secrets(text, secrets);
        EXPECT_NE(problem, "") << text.substr(0, 100);
        EXPECT_EQ(problem.find("YWFh"), std::string::npos) << problem;
    }
}

}  // namespace
}  // namespace gpsync::core

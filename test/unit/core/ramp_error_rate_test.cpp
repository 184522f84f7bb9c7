#include "core/ramp/error_rate.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace gpsync::core {
namespace {

constexpr double kMostRate = 0.001;

struct ErrorRateTest : testing::Test {
    ErrorTest test{kMostRate};
    ErrorEvidence evidence;

    void add(int64_t requests, int64_t errors) { test.add(evidence, requests, errors); }
    ErrorStatistic judge(ErrorRule rule = ErrorRule::kSequential) { return test.judge(rule, evidence, 3000); }
};

TEST_F(ErrorRateTest, WithoutOutcomesNothingIsExceeded) {
    EXPECT_FALSE(judge().exceeded);
    EXPECT_FALSE(judge().suspicious);
    EXPECT_DOUBLE_EQ(test.log_e_value(evidence), 0);
    EXPECT_FALSE(judge(ErrorRule::kLiteral).exceeded);
}

TEST_F(ErrorRateTest, AScoreIsTheFormula) {
    add(1000, 7);
    for (size_t i = 0; i < kRateFactors.size(); ++i) {
        const double x = kRateFactors[i];
        const double expected = 7 * std::log(x) + 993 * std::log((1 - x * kMostRate) / (1 - kMostRate));
        EXPECT_NEAR(evidence.scores[i], std::max(0.0, expected), 1e-9) << x;
    }
}

TEST_F(ErrorRateTest, TheEValueIsTheMeanOfTheRatios) {
    add(1000, 3);
    double sum = 0;
    for (const double x : kRateFactors)
        sum += std::pow(x, 3) * std::pow((1 - x * kMostRate) / (1 - kMostRate), 997);
    EXPECT_NEAR(test.log_e_value(evidence), std::log(sum / 8), 1e-9);
}

// exp() of the ratios would be 0 for all, or infinite.
TEST_F(ErrorRateTest, MillionsOfRequestsDoNotUnderflow) {
    add(1000000000, 200000);
    EXPECT_TRUE(std::isfinite(test.log_e_value(evidence)));
    EXPECT_FALSE(judge().exceeded);
    add(1000000000, 1000000000);
    EXPECT_TRUE(std::isfinite(test.log_e_value(evidence)));
    EXPECT_TRUE(std::isfinite(judge().value));
    EXPECT_TRUE(judge().exceeded);
}

TEST_F(ErrorRateTest, AnOutageAfterCalmIsNoticed) {
    for (int minute = 0; minute < 3 * 1440; ++minute) add(100, 0);
    int requests = 0;
    while (!judge().exceeded) {
        add(100, 1);
        requests += 100;
    }
    EXPECT_LE(requests, 1500);
    EXPECT_EQ(judge().name, "cusum");
}

TEST_F(ErrorRateTest, OneErrorAloneIsNotSuspicious) {
    add(1, 1);
    EXPECT_FALSE(judge().suspicious);
    add(1, 1);
    EXPECT_TRUE(judge().suspicious);
}

TEST_F(ErrorRateTest, TheLiteralRuleWaitsForItsRequests) {
    add(2999, 30);
    EXPECT_FALSE(judge(ErrorRule::kLiteral).exceeded);
    EXPECT_TRUE(judge(ErrorRule::kLiteral).suspicious);
    add(1, 0);
    EXPECT_TRUE(judge(ErrorRule::kLiteral).exceeded);
    EXPECT_DOUBLE_EQ(judge(ErrorRule::kLiteral).value, 0.01);
    EXPECT_DOUBLE_EQ(judge(ErrorRule::kLiteral).bound, kMostRate);
}

TEST_F(ErrorRateTest, TheLiteralRuleTakesTheRateItself) {
    add(3000, 3);
    EXPECT_FALSE(judge(ErrorRule::kLiteral).exceeded);
    add(0, 0);
    EXPECT_FALSE(judge(ErrorRule::kLiteral).exceeded);
    add(1, 1);
    EXPECT_TRUE(judge(ErrorRule::kLiteral).exceeded);
}

// A factor that makes a rate of 1 or more has no logarithm.
TEST(ErrorRate, TheHighestRateLeavesFactorsOut) {
    const ErrorTest test(kMostErrorRate);
    ErrorEvidence evidence;
    test.add(evidence, 100, 10);
    EXPECT_TRUE(std::isfinite(test.log_e_value(evidence)));
    EXPECT_FALSE(test.judge(ErrorRule::kSequential, evidence, 0).exceeded);
    test.add(evidence, 100, 60);
    EXPECT_TRUE(test.judge(ErrorRule::kSequential, evidence, 0).exceeded);
}

}  // namespace
}  // namespace gpsync::core

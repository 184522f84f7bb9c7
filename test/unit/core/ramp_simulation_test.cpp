// What the error rules do to whole ramps, with a look a minute: the figures of docs/ramp.md. The requests are
// drawn with a fixed seed, so each run sees the same.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <random>
#include <utility>
#include <vector>

#include "core/ramp/error_rate.hpp"

namespace gpsync::core {
namespace {

constexpr double kMostRate = 0.001;
constexpr int64_t kMinRequests = 3000;
constexpr int kRamps = 400, kSteps = 20;
constexpr int kOutages = 4000, kLiteralOutages = 100;  // the literal rule takes long
constexpr int64_t kMinutesOfStep = 7 * 1440;
constexpr int64_t kRequestsOfPercent = 7;  // a minute, for each percent of the share

struct Outcome {
    bool sequential = false, literal = false;  // rolled back
    int suspicions = 0;
};

// One step. Between errors every score falls, so only the minutes with an error are looked at.
void simulate_step(const ErrorTest& test, int64_t rate, double error_rate, std::mt19937_64& random,
                   ErrorEvidence& evidence, Outcome& outcome) {
    std::geometric_distribution<int64_t> gap(error_rate);
    const int64_t end = rate * kMinutesOfStep;
    int64_t looked = 0;
    bool suspicious = false;
    evidence.requests = evidence.errors = 0;
    for (int64_t error = gap(random); error < end;) {
        const int64_t minute = error / rate * rate;
        if (minute > looked) {
            test.add(evidence, minute - looked, 0);
            suspicious = false;
        }
        int64_t errors = 0;
        for (; error < minute + rate; error += gap(random) + 1) ++errors;
        test.add(evidence, rate, errors);
        looked = minute + rate;
        const ErrorStatistic statistic = test.judge(ErrorRule::kSequential, evidence, kMinRequests);
        outcome.sequential |= statistic.exceeded;
        outcome.suspicions += statistic.suspicious && !suspicious;
        suspicious = statistic.suspicious;
        outcome.literal |= test.judge(ErrorRule::kLiteral, evidence, kMinRequests).exceeded;
    }
    test.add(evidence, end - looked, 0);
}

Outcome simulate_ramp(const ErrorTest& test, double error_rate, std::mt19937_64& random) {
    Outcome outcome;
    ErrorEvidence evidence;
    for (int step = 0; step < kSteps; ++step)
        simulate_step(test, kRequestsOfPercent * (1 + 5 * step), error_rate, random, evidence, outcome);
    return outcome;
}

void check_false_roll_backs(double error_rate) {
    const ErrorTest test(kMostRate);
    std::mt19937_64 random(14);
    int sequential = 0, literal = 0, suspicions = 0;
    for (int ramp = 0; ramp < kRamps; ++ramp) {
        const Outcome outcome = simulate_ramp(test, error_rate, random);
        sequential += outcome.sequential;
        literal += outcome.literal;
        suspicions += outcome.suspicions;
    }
    std::printf(
        "true rate %.2f %%: %d ramps of %d steps: rolled back %.2f %% (sequential), %.2f %% (literal); "
        "%.1f times suspicious a ramp\n",
        100 * error_rate, kRamps, kSteps, 100.0 * sequential / kRamps, 100.0 * literal / kRamps,
        static_cast<double>(suspicions) / kRamps);
    EXPECT_LE(sequential, kRamps / 100);
}

TEST(RampSimulation, NoFalseRollBackAtAFifthOfTheRate) {
    check_false_roll_backs(0.0002);
}

TEST(RampSimulation, NoFalseRollBackAtHalfTheRate) {
    check_false_roll_backs(0.0005);
}

// Requests from the beginning of an outage until something.
struct Delays {
    std::vector<int64_t> until;

    int64_t quantile(double part) {
        std::ranges::sort(until);
        return until[static_cast<size_t>(part * static_cast<double>(until.size() - 1))];
    }
    [[nodiscard]] double percent_within(int64_t requests) const {
        const auto within = std::ranges::count_if(until, [&](int64_t delay) { return delay <= requests; });
        return 100.0 * static_cast<double>(within) / static_cast<double>(until.size());
    }
};

struct OutageDelays {
    Delays suspicious, sequential, literal;
};

void simulate_outage(const ErrorTest& test, int64_t rate, std::mt19937_64& random, bool with_literal,
                     OutageDelays& delays) {
    std::binomial_distribution<int64_t> calm(rate, 0.0002), outage(rate, 0.01);
    ErrorEvidence evidence;
    for (int minute = 0; minute < 3 * 1440; ++minute) test.add(evidence, rate, calm(random));
    bool suspicious = false, sequential = false, literal = !with_literal;
    for (int64_t requests = rate; !(sequential && literal); requests += rate) {
        test.add(evidence, rate, outage(random));
        const ErrorStatistic statistic = test.judge(ErrorRule::kSequential, evidence, kMinRequests);
        if (statistic.suspicious && !std::exchange(suspicious, true))
            delays.suspicious.until.push_back(requests);
        if (statistic.exceeded && !std::exchange(sequential, true))
            delays.sequential.until.push_back(requests);
        if (test.judge(ErrorRule::kLiteral, evidence, kMinRequests).exceeded && !std::exchange(literal, true))
            delays.literal.until.push_back(requests);
    }
}

void check_outage(int64_t rate) {
    const ErrorTest test(kMostRate);
    std::mt19937_64 random(15);
    OutageDelays delays;
    for (int run = 0; run < kOutages; ++run)
        simulate_outage(test, rate, random, run < kLiteralOutages, delays);
    std::printf(
        "1 %% errors after three days of .02 %%, %lld requests a minute: suspicious after %lld "
        "(median), within 1,500 in %.1f %%; rolled back after %lld (median), %lld (99 %%), within 1,500 "
        "in %.1f %%; literal %lld (median)\n",
        static_cast<long long>(rate), static_cast<long long>(delays.suspicious.quantile(.5)),
        delays.suspicious.percent_within(1500), static_cast<long long>(delays.sequential.quantile(.5)),
        static_cast<long long>(delays.sequential.quantile(.99)), delays.sequential.percent_within(1500),
        static_cast<long long>(delays.literal.quantile(.5)));
    EXPECT_GE(delays.suspicious.percent_within(1500), 99);
    EXPECT_GE(delays.sequential.percent_within(1500), 80);
    EXPECT_LE(delays.sequential.quantile(.99), 2500);
}

TEST(RampSimulation, AnOutageIsNoticedWithLittleTraffic) {
    check_outage(7);
}

TEST(RampSimulation, AnOutageIsNoticedWithMuchTraffic) {
    check_outage(350);
}

}  // namespace
}  // namespace gpsync::core

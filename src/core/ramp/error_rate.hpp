// Whether requests fail more often than they may. The tests are sequential: they may be looked at after every
// request without more false alarms, which no test of a fixed sample allows. docs/ramp.md has the figures.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace gpsync::core {

// The highest rate of errors that a ramp may tolerate: above it too few of the alternatives below are left.
inline constexpr double kMostErrorRate = 0.1;

// How many times the tolerated rate the alternatives are that the evidence is weighed against.
inline constexpr std::array<double, 8> kRateFactors = {1.5, 2, 3, 5, 10, 30, 100, 300};
// Bounds at which the rate counts as exceeded.
inline constexpr double kCusumBound = 12;
inline constexpr double kEvalueBound = 100;
// Above it the rate is suspicious: no step is made, and it is reported. It is no roll-back: at half the
// tolerated rate a busy ramp gets there every other day. No bound is both: one that has 1 % errors rolled
// back within 1,500 requests in 99 of 100 cases would roll back most ramps whose rate is half the tolerated
// one.
inline constexpr double kCusumSuspicious = 4;

// The memory of both tests.
struct ErrorEvidence {
    // A CUSUM for each factor (E. S. Page, Biometrika 41, 1954): the logarithm of how much more likely the
    // outcomes since it was last 0 are under that rate than under the tolerated one. It runs on from step to
    // step.
    std::array<double, kRateFactors.size()> scores{};
    // Of the present step, for the e-value and the literal rule.
    int64_t requests = 0, errors = 0;
};

enum class ErrorRule : uint8_t {
    kSequential,  // CUSUM or e-value, whichever is beyond its bound first
    kLiteral,     // errors / requests of the step, once there are min_requests
};

// What decides, or comes nearest to it.
struct ErrorStatistic {
    std::string_view name;  // cusum, e_value, error_rate
    double value = 0, bound = 0;
    bool exceeded = false;    // roll back
    bool suspicious = false;  // no step
};

class ErrorTest {
  public:
    // REQUIRES: 0 < most_rate <= kMostErrorRate.
    explicit ErrorTest(double most_rate);

    // REQUIRES: 0 <= errors <= requests.
    void add(ErrorEvidence& evidence, int64_t requests, int64_t errors) const;
    ErrorStatistic judge(ErrorRule rule, const ErrorEvidence& evidence, int64_t min_requests) const;

    // The natural logarithm of the step's e-value: the mean over the factors of the likelihood ratios of all
    // its outcomes. While the tolerated rate holds, it ever reaches ln 100 with a probability of at most 1 %
    // (Ville's inequality).
    double log_e_value(const ErrorEvidence& evidence) const;

  private:
    // What one error, and one request without error, add to the logarithm of a likelihood ratio. A factor
    // that would make a rate of 1 or more is left out.
    struct Weights {
        double error, success;
        double log_ratio(int64_t requests, int64_t errors) const;
    };

    ErrorStatistic judge_literally(const ErrorEvidence& evidence, int64_t min_requests) const;

    double most_rate_;
    std::array<Weights, kRateFactors.size()> weights_{};
    size_t count_ = 0;
};

}  // namespace gpsync::core

#include "core/ramp/error_rate.hpp"

#include <algorithm>
#include <cmath>

namespace gpsync::core {

namespace {

// A number that every client can show; of a larger one only that it is larger matters.
constexpr double kLargestShown = 1e300;

}  // namespace

double ErrorTest::Weights::log_ratio(int64_t requests, int64_t errors) const {
    return static_cast<double>(errors) * error + static_cast<double>(requests - errors) * success;
}

ErrorTest::ErrorTest(double most_rate) : most_rate_(most_rate) {
    for (const double factor : kRateFactors) {
        if (factor * most_rate >= 1) break;
        weights_[count_++] = {std::log(factor), std::log1p(-factor * most_rate) - std::log1p(-most_rate)};
    }
}

void ErrorTest::add(ErrorEvidence& evidence, int64_t requests, int64_t errors) const {
    evidence.requests += requests;
    evidence.errors += errors;
    for (size_t i = 0; i < count_; ++i) {
        double& score = evidence.scores[i];
        score = std::max(0.0, score + weights_[i].log_ratio(requests, errors));
    }
}

// The largest ratio is taken out of the sum: exp() of the ratios themselves would be 0 or infinite.
double ErrorTest::log_e_value(const ErrorEvidence& evidence) const {
    std::array<double, kRateFactors.size()> ratios{};
    for (size_t i = 0; i < count_; ++i) ratios[i] = weights_[i].log_ratio(evidence.requests, evidence.errors);
    const double largest = *std::max_element(ratios.begin(), ratios.begin() + count_);
    double sum = 0;
    for (size_t i = 0; i < count_; ++i) sum += std::exp(ratios[i] - largest);
    return largest + std::log(sum / static_cast<double>(count_));
}

ErrorStatistic ErrorTest::judge_literally(const ErrorEvidence& evidence, int64_t min_requests) const {
    ErrorStatistic result{"error_rate", 0, most_rate_};
    if (evidence.requests == 0) return result;
    result.value = static_cast<double>(evidence.errors) / static_cast<double>(evidence.requests);
    result.suspicious = result.value > most_rate_;
    result.exceeded = result.suspicious && evidence.requests >= min_requests;
    return result;
}

ErrorStatistic ErrorTest::judge(ErrorRule rule, const ErrorEvidence& evidence, int64_t min_requests) const {
    if (rule == ErrorRule::kLiteral) return judge_literally(evidence, min_requests);
    const double cusum = *std::max_element(evidence.scores.begin(), evidence.scores.end());
    const double log_e = log_e_value(evidence), log_bound = std::log(kEvalueBound);
    // The one that is nearer to its bound is shown.
    ErrorStatistic result{"cusum", cusum, kCusumBound};
    if (log_e / log_bound > cusum / kCusumBound)
        result = {"e_value", std::min(std::exp(log_e), kLargestShown), kEvalueBound};
    result.exceeded = cusum > kCusumBound || log_e >= log_bound;
    result.suspicious = result.exceeded || (cusum > kCusumSuspicious && evidence.errors > 1);
    return result;
}

}  // namespace gpsync::core

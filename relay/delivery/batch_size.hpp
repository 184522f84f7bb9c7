// How large the batches of an endpoint may be: what is configured, or less where the endpoint says that this
// is too large.
#pragma once

#include "relay/delivery/endpoint_config.hpp"

namespace gpsync::relay {

// After a 413 the largest size that passed since is the limit. It grows back by an eighth each time enough
// batches of the limit's size were taken; how many are enough doubles with each step that was too large.
class BatchSize {
  public:
    static constexpr int kFirstStep = 16, kLongestStep = 1024;

    explicit BatchSize(const BatchLimits& configured) : configured_(configured), limits_(configured) {}

    const BatchLimits& limits() const { return limits_; }
    // A batch of so many events and bytes of their text is too large, or was taken.
    void note_too_large(size_t events, size_t bytes);
    void note_taken(size_t events, size_t bytes);

  private:
    const BatchLimits configured_;
    BatchLimits limits_;
    BatchLimits passed_{0, 0};  // the largest that were taken
    bool grown_ = false;        // since the last one that was too large
    int step_ = kFirstStep;     // batches before the limit grows
    int full_ = 0;              // batches of the limit's size since it changed
};

}  // namespace gpsync::relay

// How large batches may be after an endpoint said that one was too large.
#include <gtest/gtest.h>

#include "relay/delivery/batch_size.hpp"

namespace gpsync::relay {
namespace {

constexpr size_t kEventBytes = 100;

// An endpoint that takes at most so many events, and batches as large as may be.
class Sized : public testing::Test {
  protected:
    // Answers how many batches were too large.
    int deliver(int batches, size_t most) {
        int too_large = 0;
        while (batches > 0) {
            const size_t events = std::min(size_.limits().max_events, size_.limits().max_bytes / kEventBytes);
            if (events > most) {
                ++too_large;
                size_.note_too_large(events, events * kEventBytes);
            } else {
                --batches;
                size_.note_taken(events, events * kEventBytes);
            }
        }
        return too_large;
    }

    BatchSize size_{{100, 1 << 20}};
};

TEST_F(Sized, IsAsConfiguredUntilItIsTooLarge) {
    EXPECT_EQ(deliver(5000, 100), 0);
    EXPECT_EQ(size_.limits().max_events, 100U);
    EXPECT_EQ(size_.limits().max_bytes, size_t{1} << 20);
}

TEST_F(Sized, HalvesUntilItPassesAndRemembersThat) {
    EXPECT_EQ(deliver(1, 30), 2);
    EXPECT_EQ(size_.limits().max_events, 25U);
    EXPECT_EQ(deliver(BatchSize::kFirstStep - 2, 30), 0) << "no batch is too large meanwhile";
    EXPECT_EQ(size_.limits().max_events, 25U);
}

TEST_F(Sized, GrowsBackSlowly) {
    deliver(1, 30);
    EXPECT_EQ(deliver(2000, 100), 0);
    EXPECT_EQ(size_.limits().max_events, 100U) << "the endpoint takes everything again";
    EXPECT_GE(size_.limits().max_bytes, 100 * kEventBytes);
}

TEST_F(Sized, TriesLargerBatchesMoreAndMoreSeldom) {
    deliver(1, 30);
    const int first = deliver(1000, 30), later = deliver(10000, 30);
    EXPECT_GT(first, 0);
    EXPECT_LT(first, 10);
    EXPECT_LT(later, 20);
    EXPECT_GT(size_.limits().max_events, 15U) << "goes back to what passed";
    EXPECT_LE(size_.limits().max_events, 33U);
}

TEST_F(Sized, SmallBatchesProveNothing) {
    deliver(1, 30);
    for (int i = 0; i < 5000; ++i) size_.note_taken(3, 3 * kEventBytes);
    EXPECT_EQ(size_.limits().max_events, 25U);
}

TEST_F(Sized, OneEventIsNoBatch) {
    size_.note_too_large(1, 5 << 20);
    EXPECT_EQ(size_.limits().max_events, 100U);
    for (int i = 0; i < 20; ++i) size_.note_too_large(2, 200);
    EXPECT_GE(size_.limits().max_events, 1U);
    EXPECT_GE(size_.limits().max_bytes, 1U);
}

}  // namespace
}  // namespace gpsync::relay

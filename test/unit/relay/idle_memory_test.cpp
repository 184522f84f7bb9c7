// When connections are made anew to be rid of the buffers that a large message has left.
#include <gtest/gtest.h>

#include "relay/base/idle_memory.hpp"

namespace gpsync::relay {
namespace {

TEST(IdleMemory, SmallMessagesLeaveNothingBehind) {
    IdleMemory memory;
    for (int i = 0; i < 100; ++i) {
        memory.note_message(IdleMemory::kLargeMessage - 1);
        EXPECT_FALSE(memory.tick(0));
    }
}

TEST(IdleMemory, AfterALargeOneItWaitsUntilNothingIsHeld) {
    IdleMemory memory;
    memory.note_message(IdleMemory::kLargeMessage);
    memory.note_message(10);
    for (int i = 0; i < 100; ++i) EXPECT_FALSE(memory.tick(IdleMemory::kMuch * 2)) << "busy";
    EXPECT_FALSE(memory.tick(0));
    EXPECT_FALSE(memory.tick(0));
    EXPECT_FALSE(memory.tick(1)) << "another event";
    EXPECT_FALSE(memory.tick(0));
    EXPECT_FALSE(memory.tick(0));
    EXPECT_TRUE(memory.tick(0));
}

}  // namespace
}  // namespace gpsync::relay

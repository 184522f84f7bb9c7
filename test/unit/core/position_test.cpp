#include "core/position.hpp"

#include <gtest/gtest.h>

#include <string>

namespace gpsync::core {
namespace {

TEST(Position, WritesTheDocumentedForm) {
    std::string id(kEventIdLength, '\0');
    write_event_id(id.data(), Position{0x26B7FC80, 3}, 0x00064A2B6F3C1D2E);
    EXPECT_EQ(id, "0000000026B7FC80-00000003-00064A2B6F3C1D2E");
    EXPECT_EQ(parse_sequence(id), (Position{0x26B7FC80, 3}));
    EXPECT_EQ(parse_commit_time(id), 0x00064A2B6F3C1D2E);
}

TEST(Position, TextOrderIsStreamOrder) {
    std::string a(kSequenceLength, '\0'), b(kSequenceLength, '\0');
    write_sequence(a.data(), Position{0xFFFFFFFF, 0xFFFFFFFF});
    write_sequence(b.data(), Position{0x100000000, 1});
    EXPECT_LT(a, b);
}

TEST(Position, RefusesWhatIsNotASequence) {
    for (const char* bad : {"", "0000000026B7FC80", "0000000026b7fc80-00000003", "0000000026B7FC80_00000003",
                            "0000000026B7FC80-000000031", "G000000026B7FC80-00000003"})
        EXPECT_FALSE(parse_sequence(bad)) << bad;
}

}  // namespace
}  // namespace gpsync::core

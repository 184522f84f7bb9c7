// How often a problem that comes again and again is logged.
#include "relay/observe/problem_log.hpp"

#include <gtest/gtest.h>

namespace gpsync::relay {
namespace {

using namespace std::chrono_literals;

constexpr ProblemLog::Time kBegin{std::chrono::hours{1000}};

TEST(ProblemLog, OnceAMinuteWithHowOftenItCame) {
    ProblemLog log;
    int lines = 0;
    for (int second = 0; second < 180; ++second) {
        const int64_t times = log.note("down", kBegin + std::chrono::seconds(second));
        if (times == 0) continue;
        EXPECT_EQ(times, lines == 0 ? 1 : 60);
        ++lines;
    }
    EXPECT_EQ(lines, 3);
}

TEST(ProblemLog, AnotherOneIsNew) {
    ProblemLog log;
    EXPECT_EQ(log.note("down", kBegin), 1);
    EXPECT_EQ(log.note("down", kBegin + 1s), 0);
    EXPECT_EQ(log.note("refused", kBegin + 2s), 1);
    EXPECT_EQ(log.note("refused", kBegin + 3s), 0);
}

TEST(ProblemLog, OneThatWasOverIsNew) {
    ProblemLog log;
    EXPECT_EQ(log.note("down", kBegin), 1);
    log.clear();
    EXPECT_EQ(log.note("down", kBegin + 1s), 1);
}

}  // namespace
}  // namespace gpsync::relay

#include "core/utc_time.hpp"

#include <gtest/gtest.h>

#include <string>

namespace gpsync::core {
namespace {

std::string utc(int64_t micros) {
    char out[kUtcTimeLength];
    return std::string(out, write_utc_time(out, micros));
}

std::string timestamp(int64_t micros) {
    char out[26];
    return std::string(out, write_iso_timestamp(out, micros));
}

std::string date(int64_t days) {
    char out[10];
    return std::string(out, write_iso_date(out, days));
}

TEST(UtcTime, WritesMicroseconds) {
    EXPECT_EQ(utc(0), "1970-01-01T00:00:00.000000Z");
    EXPECT_EQ(utc(1795327897917466), "2026-11-22T06:11:37.917466Z");
    EXPECT_EQ(utc(-1), "1969-12-31T23:59:59.999999Z");
    EXPECT_EQ(utc(INT64_MAX), "9999-12-31T23:59:59.999999Z");
    EXPECT_EQ(utc(INT64_MIN), "0001-01-01T00:00:00.000000Z");
}

TEST(UtcTime, TimestampsEndWithTheFractionThatMatters) {
    EXPECT_EQ(timestamp(1795327897000000), "2026-11-22T06:11:37");
    EXPECT_EQ(timestamp(1795327897900000), "2026-11-22T06:11:37.9");
    EXPECT_EQ(timestamp(1795327897000001), "2026-11-22T06:11:37.000001");
    EXPECT_EQ(timestamp(-62135596800000000), "0001-01-01T00:00:00");
}

TEST(UtcTime, DatesToTheirLimits) {
    EXPECT_EQ(date(kFirstDay), "0001-01-01");
    EXPECT_EQ(date(kLastDay), "9999-12-31");
    EXPECT_EQ(date(11016), "2000-02-29");
}

}  // namespace
}  // namespace gpsync::core

// The framing of the replication stream: what the server sends is understood or an error, never left out.
#include <gtest/gtest.h>

#include "relay/postgres/pg_connection.hpp"
#include "relay/source/replication_message.hpp"

namespace gpsync::relay {
namespace {

std::string u64(uint64_t value) {
    std::string bytes;
    for (int shift = 56; shift >= 0; shift -= 8) bytes += static_cast<char>(value >> shift);
    return bytes;
}

std::string data(const std::string& text) {
    return "w" + u64(0x1020304050607080) + u64(0x1020304050607090) + u64(1) + text;
}

std::string keepalive(char reply) {
    return "k" + u64(0x1122334455667788) + u64(1) + reply;
}

// The text of the error; empty without one.
std::string problem_of(const std::string& message) {
    try {
        read_replication_message(message);
        return {};
    } catch (const PgError& error) {
        EXPECT_EQ(error.sqlstate, "08P01");
        EXPECT_FALSE(error.hint.empty());
        return error.what();
    }
}

TEST(ReplicationMessage, ReadsData) {
    const std::string message = data("{}");
    const auto read = std::get<StreamData>(read_replication_message(message));
    EXPECT_EQ(read.data_start, 0x1020304050607080U);
    EXPECT_EQ(read.wal_end, 0x1020304050607090U);
    EXPECT_EQ(read.text, "{}");
    EXPECT_EQ(std::get<StreamData>(read_replication_message(data(""))).text, "");
}

TEST(ReplicationMessage, ReadsKeepalives) {
    const auto read = std::get<Keepalive>(read_replication_message(keepalive('\1')));
    EXPECT_EQ(read.wal_end, 0x1122334455667788U);
    EXPECT_TRUE(read.reply_requested);
    EXPECT_FALSE(std::get<Keepalive>(read_replication_message(keepalive('\0'))).reply_requested);
}

TEST(ReplicationMessage, OneThatIsTooShortIsAnError) {
    const std::string whole_data = data(""), whole_keepalive = keepalive('\1');
    for (size_t length = 1; length < whole_data.size(); ++length)
        EXPECT_NE(problem_of(whole_data.substr(0, length)).find("at least 25"), std::string::npos) << length;
    for (size_t length = 1; length < whole_keepalive.size(); ++length)
        EXPECT_NE(problem_of(whole_keepalive.substr(0, length)).find("at least 18"), std::string::npos)
            << length;
    EXPECT_NE(problem_of("").find("empty"), std::string::npos);
}

TEST(ReplicationMessage, AnUnknownTypeIsAnError) {
    for (int type = 0; type < 256; ++type) {
        if (type == 'w' || type == 'k') continue;
        std::string message = data("{}");
        message.front() = static_cast<char>(type);
        EXPECT_NE(problem_of(message).find("unknown type"), std::string::npos) << type;
    }
    EXPECT_NE(problem_of("s").find("\"s\""), std::string::npos);
    EXPECT_NE(problem_of(std::string(1, '\xFF')).find("\"0xFF\""), std::string::npos);
}

}  // namespace
}  // namespace gpsync::relay

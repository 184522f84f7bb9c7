// The settings a connection begins with.
#include "relay/postgres/session_pins.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>

#include "core/session_settings.hpp"

namespace gpsync::relay {
namespace {

TEST(SessionPins, StandBehindTheUsersOptions) {
    unsetenv("PGOPTIONS");
    EXPECT_TRUE(startup_options("app").starts_with("-c search_path= -c role=none "));
    EXPECT_TRUE(startup_options("dbname=app options='-c search_path=evil'")
                    .starts_with("-c search_path=evil -c search_path= -c role=none "))
        << "the last one counts";
    EXPECT_TRUE(startup_options("postgresql://h/app?options=-c%20wal_sender_timeout%3D5s")
                    .starts_with("-c wal_sender_timeout=5s -c search_path= "));
    setenv("PGOPTIONS", "-c geqo=off", 1);
    EXPECT_TRUE(startup_options("dbname=app").starts_with("-c geqo=off -c search_path= "));
    EXPECT_TRUE(startup_options("options='-c geqo=on'").starts_with("-c geqo=on -c search_path= "));
    unsetenv("PGOPTIONS");
}

TEST(SessionPins, AreWrittenSoThatTheServerReadsThem) {
    std::string options = startup_options("app"), statement = pinning_statement();
    EXPECT_NE(options.find("-c default_transaction_isolation=read\\ committed "), std::string::npos)
        << options;
    EXPECT_NE(statement.find("SET search_path = ''; "), std::string::npos) << statement;
    EXPECT_NE(statement.find("SET DateStyle = 'ISO, YMD'; "), std::string::npos) << statement;
    for (const core::SessionSetting& setting : core::kSessionSettings)
        EXPECT_EQ(std::string_view(setting.value).find_first_of("'\\\""), std::string_view::npos)
            << setting.name;
}

}  // namespace
}  // namespace gpsync::relay

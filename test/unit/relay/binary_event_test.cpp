#include <gtest/gtest.h>

#include "relay/delivery/binary_event.hpp"
#include "relay/source/event_parser.hpp"

namespace gpsync::relay {
namespace {

using Headers = std::vector<std::string>;

HttpRequest request_of(std::string_view json) {
    HttpRequest request;
    append_binary_event(json, request);
    return request;
}

TEST(BinaryEvent, HasItsAttributesAsHeaders) {
    const HttpRequest request = request_of(
        R"({"specversion":"1.0","id":"7-1","datacontenttype":"application/json","n":12,"yes":true,"none":null,)"
        R"("data":{"a": [1.50, "x"]}})");
    const Headers expected{"ce-specversion: 1.0", "ce-id: 7-1", "Content-Type: application/json", "ce-n: 12",
                           "ce-yes: true"};
    EXPECT_EQ(request.headers, expected);
    EXPECT_EQ(request.body, R"({"a": [1.50, "x"]})") << "not written anew";
}

TEST(BinaryEvent, EncodesWhatHeadersMayNotHold) {
    EXPECT_EQ(request_of(R"({"subject":"a b\"%41\r\nX: y \u00fc\ud83d\ude00~!"})").headers,
              Headers{"ce-subject: a%20b%22%2541%0D%0AX:%20y%20%C3%BC%F0%9F%98%80~!"});
}

TEST(BinaryEvent, MayHaveNoData) {
    EXPECT_EQ(request_of(R"({"id":"1"})").body, "");
    EXPECT_EQ(request_of(R"({"id":"1","data":null})").body, "");
}

TEST(BinaryEvent, IsAnEvent) {
    for (const char* text : {"", "[]", R"({"id":)", R"({"id":"1")"})
        EXPECT_THROW(request_of(text), MalformedEvent) << text;
}

}  // namespace
}  // namespace gpsync::relay

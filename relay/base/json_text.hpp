// JSON text for the extension's functions.
#pragma once

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <concepts>
#include <string>
#include <string_view>

namespace gpsync::relay {

using JsonWriter = rapidjson::Writer<rapidjson::StringBuffer>;

inline void put(JsonWriter& writer, const char* name, std::string_view text) {
    writer.Key(name);
    writer.String(text.data(), static_cast<rapidjson::SizeType>(text.size()));
}

template <std::integral Number>
void put(JsonWriter& writer, const char* name, Number number) {
    writer.Key(name);
    writer.Int64(static_cast<int64_t>(number));
}

// What write(writer) writes.
template <typename Write>
std::string json_text(Write&& write) {
    rapidjson::StringBuffer buffer;
    JsonWriter writer(buffer);
    write(writer);
    return {buffer.GetString(), buffer.GetSize()};
}

// An array of objects: members(writer, element) writes those of one.
template <typename Range, typename Members>
std::string json_array(const Range& elements, Members&& members) {
    return json_text([&](JsonWriter& writer) {
        writer.StartArray();
        for (const auto& element : elements) {
            writer.StartObject();
            members(writer, element);
            writer.EndObject();
        }
        writer.EndArray();
    });
}

}  // namespace gpsync::relay

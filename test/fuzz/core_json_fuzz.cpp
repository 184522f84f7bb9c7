// The JSON writer against RapidJSON: what is written is read back as it was, and compacting changes no
// meaning.
#include <rapidjson/document.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>

#include "core/json_writer.hpp"

namespace {

using namespace gpsync::core;

void require(bool condition) {
    if (!condition) std::abort();
}

void check_string(std::string_view text) {
    HeapBuffer json, again;
    append_json_string(json, text);
    rapidjson::Document document;
    document.Parse(json.view().data(), json.view().size());
    require(!document.HasParseError() && document.IsString());
    require(std::string_view(document.GetString(), document.GetStringLength()) == text);
    append_json_scalar_text(again, json.view());
    require(again.view() == text);
}

// The document written in one way, or nothing when the text is no JSON.
std::optional<std::string> canonical(std::string_view text) {
    // Numbers as their text: RapidJSON reads beyond a table of its own when it converts some very small ones
    // exactly.
    constexpr unsigned kFlags = rapidjson::kParseNumbersAsStringsFlag | rapidjson::kParseIterativeFlag;
    rapidjson::Document document;
    // RapidJSON takes a zero byte for the end.
    if (text.find('\0') != std::string_view::npos) return std::nullopt;
    if (document.Parse<kFlags>(text.data(), text.size()).HasParseError()) return std::nullopt;
    rapidjson::StringBuffer buffer;
    rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
    document.Accept(writer);
    return std::string(buffer.GetString(), buffer.GetSize());
}

void check_compacting(std::string_view text) {
    const auto before = canonical(text);
    if (!before) return;
    HeapBuffer json;
    append_json_compacted(json, text);
    require(json.view().find('\n') == std::string_view::npos);
    require(canonical(json.view()) == before);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    check_string(text);
    check_compacting(text);
    return 0;
}

#include "pii_metadata.h"

#include <map>
#include <new>
#include <set>
#include <vector>

#include "core/byte_buffer.hpp"
#include "core/json_writer.hpp"
#include "core/pii/crypto.hpp"
#include "core/pii/json_reader.hpp"
#include "core/pii/key_class.hpp"

namespace gpsync {

namespace {

using core::pii::JsonReader;
using core::pii::KeyClass;
using Token = JsonReader::Token;

// A document that uses data as keys would otherwise have itself as its shape.
constexpr size_t kMostPaths = 500;
constexpr size_t kDeepestPath = 32;
constexpr size_t kMostIdentifiers = 50;
constexpr size_t kLongestIdentifier = 128;

std::string json_string(std::string_view text) {
    core::HeapBuffer buffer;
    core::append_json_string(buffer, text);
    return std::string(buffer.view());
}

class Extractor {
  public:
    explicit Extractor(std::string_view document) : document_(document), reader_(document) {}

    std::string run() {
        for (Token token = reader_.next(); token != Token::kEnd && token != Token::kError;
             token = reader_.next())
            take(token);
        return write();
    }

  private:
    struct Level {
        bool array;
        size_t path_size;  // of the path up to here
        KeyClass key_class;
    };

    void take(Token token) {
        switch (token) {
            case Token::kBeginObject:
                return enter(false, "object");
            case Token::kBeginArray:
                return enter(true, "array");
            case Token::kEndObject:
            case Token::kEndArray:
                levels_.pop_back();
                return;
            case Token::kKey:
                return take_key();
            case Token::kString:
                note("string");
                return note_identifier();
            case Token::kNumber:
                note("number");
                return note_identifier();
            case Token::kTrue:
            case Token::kFalse:
                return note("boolean");
            default:
                return note("null");
        }
    }

    void enter(bool array, const char* type) {
        note(type);
        levels_.push_back({array, path_.size(), member_});
        deepest_ = std::max(deepest_, levels_.size());
    }

    void take_key() {
        ++keys_;
        key_ = reader_.value();
        path_.resize(levels_.back().path_size);
        if (levels_.size() <= kDeepestPath) path_ += '.' + key_;
        member_ = core::pii::classify_key(key_, levels_.back().key_class);
    }

    void note(const char* type) {
        ++counts_[type];
        if (!levels_.empty() && levels_.back().array) {
            path_.resize(levels_.back().path_size);
            path_ += "[]";
            member_ = levels_.back().key_class;
        }
        if (levels_.size() > kDeepestPath) return;
        const auto known = shape_.find(path_);
        if (known != shape_.end())
            known->second.insert(type);
        else if (shape_.size() < kMostPaths)
            shape_[path_].insert(type);
        else
            complete_ = false;
    }

    // Token unique references, payment account references, token requestor ids …
    void note_identifier() {
        if (!member_.has(core::pii::kReference) || identifiers_.size() >= kMostIdentifiers) return;
        if (reader_.value().size() <= kLongestIdentifier) identifiers_["$" + path_] = reader_.value();
    }

    std::string types_of(const std::set<std::string>& types) const {
        std::string text;
        for (const std::string& type : types) text += (text.empty() ? "" : "|") + type;
        return text;
    }

    template <class Map, class Value>
    static std::string object(const Map& map, Value&& value) {
        std::string text = "{";
        for (const auto& [key, v] : map) {
            if (text.size() > 1) text += ',';
            text += json_string(key) + ':' + value(v);
        }
        return text + '}';
    }

    std::string write() {
        std::map<std::string, std::string> shape;
        std::string canonical;
        for (const auto& [path, types] : shape_) {
            shape["$" + path] = types_of(types);
            canonical += "$" + path + '\t' + types_of(types) + '\n';
        }
        const auto quoted = [](const std::string& v) { return json_string(v); };
        std::string text = "{\"bytes\":" + std::to_string(document_.size());
        text += ",\"keys\":" + std::to_string(keys_) + ",\"depth\":" + std::to_string(deepest_);
        text += ",\"types\":" + object(counts_, [](size_t n) { return std::to_string(n); });
        text += ",\"shape\":" + object(shape, quoted);
        text += std::string(",\"shape_complete\":") + (complete_ ? "true" : "false");
        const auto digest = core::pii::sha256(canonical);
        if (!digest) throw std::bad_alloc();
        text += ",\"schema_hash\":" + json_string("sha256:" + hex(*digest));
        return text + ",\"identifiers\":" + object(identifiers_, quoted) + '}';
    }

    static std::string hex(const core::pii::Digest& digest) {
        constexpr char kDigits[] = "0123456789abcdef";
        std::string text;
        for (unsigned char byte : digest) {
            text += kDigits[byte >> 4];
            text += kDigits[byte & 15];
        }
        return text;
    }

    std::string_view document_;
    JsonReader reader_;
    std::vector<Level> levels_;
    std::string path_, key_;
    KeyClass member_;
    size_t keys_ = 0, deepest_ = 0;
    bool complete_ = true;
    std::map<std::string, size_t> counts_;
    std::map<std::string, std::set<std::string>> shape_;
    std::map<std::string, std::string> identifiers_;
};

}  // namespace

std::string metadata_of(std::string_view document) {
    return Extractor(document).run();
}

}  // namespace gpsync

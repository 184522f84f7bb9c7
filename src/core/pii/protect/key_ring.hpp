// The key ring: named 256-bit keys, of which one is current for each purpose. The form of the file that
// gpsync.key_file names (docs/pii.md describes it too), one statement a line, '#' begins a comment:
//
//   gpsync-keys 1                 the first statement
//   key 2026a BASE64              32 bytes; the name has 1 to 32 letters, digits, '_' or '-'
//   current 2026a                 what new values are made with; without it, the last key of the file
//   current hash 2025a            … for one purpose only: encrypt, hash or tokenize
//
// A key that is no longer current still opens, and still vouches for, what was made with it: to rotate, add a
// key and make it current; to end the life of what an old one protects, remove it.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "core/pii/protect/crypto.hpp"
#include "core/pii/status.hpp"

namespace gpsync::core::pii {

enum class Purpose : uint8_t { kEncrypt, kHash, kTokenize, kEnvelope };

// One master key with the keys derived from it by HKDF-SHA-256, one for each purpose.
class NamedKey {
  public:
    static Status make(std::string name, std::string_view secret, NamedKey& out);
    ~NamedKey();
    NamedKey() = default;
    NamedKey(NamedKey&&) = default;
    NamedKey& operator=(NamedKey&&) = default;
    NamedKey(const NamedKey&) = delete;
    NamedKey& operator=(const NamedKey&) = delete;

    const std::string& name() const { return name_; }
    const Key& key(Purpose purpose) const { return keys_[static_cast<size_t>(purpose)]; }
    std::string_view bytes(Purpose purpose) const {
        return {reinterpret_cast<const char*>(key(purpose).data()), kKeyBytes};
    }

  private:
    std::string name_;
    std::array<Key, 4> keys_{};
};

class KeyRing {
  public:
    // The error's position is the line; no message holds any part of a key.
    static Status parse(std::string_view text, KeyRing& out);

    bool empty() const { return keys_.empty(); }
    const NamedKey* find(std::string_view name) const;
    // The current key of a purpose, or nullptr when the ring is empty. kEnvelope goes with the others.
    const NamedKey* current(Purpose purpose) const;
    const std::vector<NamedKey>& keys() const { return keys_; }

  private:
    Status add_key(std::string_view name, std::string_view base64);
    Status set_current(std::string_view purpose, std::string_view name);

    std::vector<NamedKey> keys_;
    std::array<size_t, 3> current_{};
    std::array<bool, 3> pinned_{};
};

bool valid_key_name(std::string_view name);

}  // namespace gpsync::core::pii

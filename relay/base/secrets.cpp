#include "relay/base/secrets.hpp"

#include <algorithm>
#include <cstring>

#include "relay/base/text.hpp"
#include "relay/base/text_coding.hpp"

namespace gpsync::relay {

namespace {

// Shorter ones are found as whole words only: everywhere else they would be chance.
constexpr size_t kAnywhere = 3;

// Bytes that less than a piece may take, each as \uXXXX.
constexpr size_t kTail = 6 * (Secrets::kPiece - 1);

uint64_t piece_at(std::string_view text, size_t at) {
    uint64_t piece;
    static_assert(sizeof piece == Secrets::kPiece);
    std::memcpy(&piece, text.data() + at, sizeof piece);
    return piece;
}

bool is_word(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c & 0x80) != 0;
}

bool is_whole_word(std::string_view text, size_t at, size_t length) {
    return (at == 0 || !is_word(text[at - 1])) && (at + length == text.size() || !is_word(text[at + length]));
}

}  // namespace

// Searches one text for the secrets, and marks their bytes.
class Secrets::Search {
  public:
    Search(const Secrets& secrets, std::string_view text) : secrets_(secrets), marked_(text.size(), false) {
        DecodedText original = DecodedText::of(text), once = unescape(original, secrets.has_blank_);
        search(original);
        if (once.text == original.text) return;
        search(once);
        DecodedText twice = unescape(once, secrets.has_blank_);
        if (twice.text != once.text) search(twice);
    }
    bool marked(size_t at) const { return marked_[at]; }

  private:
    // In a text as it is, and in what base64 or hex holds.
    void search(const DecodedText& text) {
        find(text, true);
        size_t base64_run = (secrets_.shortest_ * 4 + 2) / 3, hex_run = secrets_.shortest_ * 2;
        for (size_t skip = 0; skip < 4; ++skip) search_within(decode_base64(text, skip, base64_run));
        for (size_t skip = 0; skip < 2; ++skip) search_within(decode_hex(text, skip, hex_run));
    }
    void search_within(const DecodedText& decoded) {
        if (decoded.text.empty()) return;
        find(decoded, false);
        DecodedText plain = unescape(decoded, secrets_.has_blank_);
        if (plain.text != decoded.text) find(plain, false);
    }

    void find(const DecodedText& view, bool words) {
        for (size_t i = 0; i + kPiece <= view.text.size() && !secrets_.pieces_.empty(); ++i)
            if (secrets_.pieces_.contains(piece_at(view.text, i))) mark(view, i, kPiece);
        for (const std::string& secret : secrets_.short_) {
            bool anywhere = secret.size() >= kAnywhere;
            if (!anywhere && !words) continue;
            for (size_t at = view.text.find(secret); at != std::string::npos;
                 at = view.text.find(secret, at + 1))
                if (anywhere || is_whole_word(view.text, at, secret.size())) mark(view, at, secret.size());
        }
    }
    void mark(const DecodedText& view, size_t at, size_t length) {
        for (size_t i = at; i < at + length; ++i)
            std::fill(marked_.begin() + view.begin[i], marked_.begin() + view.end[i], true);
    }

    const Secrets& secrets_;
    std::vector<bool> marked_;
};

void Secrets::add(const std::string& secret, Ring& ring) {
    if (secret.empty() || (!ring.empty() && ring.back() == secret)) return;
    if (const auto known = std::ranges::find(ring, secret); known != ring.end()) {
        std::rotate(known, known + 1, ring.end());
        return;
    }
    ring.push_back(secret);
    if (ring.size() <= kKept) return index(secret);
    ring.pop_front();
    index();
}

void Secrets::index() {
    pieces_.clear();
    short_.clear();
    shortest_ = kPiece;
    has_blank_ = false;
    for (const Ring* ring : {&configured_, &issued_})
        for (const std::string& secret : *ring) index(secret);
}

void Secrets::index(const std::string& secret) {
    has_blank_ = has_blank_ || secret.find(' ') != std::string::npos;
    for (size_t i = 0; i + kPiece <= secret.size(); ++i) pieces_.insert(piece_at(secret, i));
    if (secret.size() >= kPiece) return;
    short_.push_back(secret);
    shortest_ = std::min(shortest_, std::max(secret.size(), kAnywhere));
}

void Secrets::add_password(const std::string& username, const std::string& password) {
    add(password);
    if (!password.empty() && password.size() < kAnywhere) add(username + ":" + password);
}

void Secrets::add_header(std::string_view header) {
    std::string_view value = header.substr(header.find(':') + 1);
    value.remove_prefix(std::min(value.find_first_not_of(' '), value.size()));
    add(std::string(value));
    if (const size_t blank = value.rfind(' '); blank != std::string_view::npos)
        add(std::string(value.substr(blank + 1)));
}

std::string Secrets::conceal(std::string_view text, size_t max_bytes) const {
    // More than is kept: what stands across the end would else be cut before it is found.
    std::string clean = clean_text(text.substr(0, 4 * max_bytes), 2 * max_bytes);
    if (configured_.empty() && issued_.empty()) return clean_text(clean, max_bytes);
    Search search(*this, clean);
    // Of a text that goes on, the last bytes may be half a secret.
    size_t end =
        clean.size() < 2 * max_bytes - 4 ? clean.size() : clean.size() - std::min(clean.size(), kTail);
    std::string concealed;
    for (size_t i = 0; i < end; ++i) {
        if (!search.marked(i))
            concealed += clean[i];
        else if (i == 0 || !search.marked(i - 1))
            concealed += kMark;
    }
    return clean_text(concealed, max_bytes);
}

}  // namespace gpsync::relay

// Takes an endpoint's secrets out of what the endpoint says. Services echo what they do not like ("invalid
// token …", a dump of the request's headers), and what they say is kept in dead letters and may be logged.
//
// Found are a secret and every piece of eight or more bytes of one: as it is; percent-coded, with the escapes
// of JSON or HTML, also twice; in base64 or base64url at any alignment ("Basic dXNlcjpwYXNz" is one), or in
// hex, each also within the former and around it. A service that wants to give a secret away can; this is
// against those that do not think of it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace gpsync::relay {

class Secrets {
  public:
    // What stands where a secret was.
    static constexpr std::string_view kMark = "[secret]";
    // Pieces of a secret that are at least as long as this are found.
    static constexpr size_t kPiece = 8;
    // So many of each kind are kept, the latest: one that was replaced may still be valid, and come back
    // late.
    static constexpr size_t kKept = 64;

    // A secret that somebody configured; one that is known already counts as the latest. Empty ones change
    // nothing.
    void add(const std::string& secret) { add(secret, configured_); }
    // One that comes and goes while the configuration stays: a cookie, a token of a file. However many come,
    // the configured ones stay.
    void add_issued(const std::string& secret) { add(secret, issued_); }
    // A password, and where it is too short to be found in base64, what Basic authentication makes of it.
    void add_password(const std::string& username, const std::string& password);
    // The value of a header, given as "Name: value"; of one such as Authorization also what follows the
    // scheme.
    void add_header(std::string_view header);
    // The first max_bytes of the text without secrets, and without what is no text (clean_text()). What it
    // costs grows with max_bytes, not with the text.
    std::string conceal(std::string_view text, size_t max_bytes) const;

  private:
    class Search;
    using Ring = std::deque<std::string>;

    void add(const std::string& secret, Ring& ring);
    void index();
    void index(const std::string& secret);

    Ring configured_, issued_;
    std::unordered_set<uint64_t> pieces_;  // of kPiece bytes each, of every secret that is so long
    std::vector<std::string> short_;       // the others
    size_t shortest_ = kPiece;             // length of the shortest thing to search for
    bool has_blank_ = false;               // a secret with a blank, which forms write as '+'
};

}  // namespace gpsync::relay

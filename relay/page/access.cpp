#include "relay/page/access.hpp"

#include <openssl/crypto.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "core/ascii_case.hpp"
#include "core/pii/base64.hpp"
#include "core/pii/protect/crypto.hpp"
#include "relay/base/config_error.hpp"
#include "relay/delivery/secret_file.hpp"

namespace gpsync::relay {

namespace {

bool starts_with_word(std::string_view text, std::string_view word) {
    return text.size() > word.size() && text[word.size()] == ' ' &&
           core::equals_ignoring_case(text.substr(0, word.size()), word);
}

// Without the port. An address of IP version 6 is in brackets.
std::string_view host_of(std::string_view authority) {
    if (authority.starts_with('[')) return authority.substr(0, authority.find(']') + 1);
    return authority.substr(0, authority.rfind(':'));
}

bool is_loopback_address(std::string_view host) {
    std::array<unsigned, 4> parts{};
    for (size_t i = 0; i < parts.size(); ++i) {
        const auto [end, error] = std::from_chars(host.data(), host.data() + host.size(), parts[i]);
        if (error != std::errc{} || parts[i] > 255) return false;
        host.remove_prefix(static_cast<size_t>(end - host.data()));
        if (i + 1 == parts.size()) break;
        if (!host.starts_with('.')) return false;
        host.remove_prefix(1);
    }
    return host.empty() && parts[0] == 127;
}

// A page of somebody else whose name leads to this machine (DNS rebinding) says that name.
bool names_this_machine(const PageRequest& request) {
    const auto authority = request.header("host");
    if (!authority) return false;
    const std::string_view host = host_of(*authority);
    return host == "localhost" || host == "[::1]" || is_loopback_address(host);
}

// What a browser asks for on behalf of a page of somebody else; following a link to the page is none of that.
bool is_cross_site(const PageRequest& request) {
    const auto site = request.header("sec-fetch-site"), mode = request.header("sec-fetch-mode");
    return site && (*site == "cross-site" || *site == "same-site") && mode != "navigate";
}

// The token that a request gives: as such, or as the password that a browser asks for.
std::string token_of(const PageRequest& request) {
    const std::string_view given = request.header("authorization").value_or("");
    if (starts_with_word(given, "bearer")) return std::string(given.substr(7));
    if (!starts_with_word(given, "basic")) return {};
    const std::string pair = core::pii::base64_decode(given.substr(6)).value_or("");
    const size_t colon = pair.find(':');
    return colon == std::string::npos ? std::string() : pair.substr(colon + 1);
}

// Digests are of one length, and say nothing of where two tokens differ first.
bool are_equal(std::string_view a, std::string_view b) {
    const auto first = core::pii::sha256(a), second = core::pii::sha256(b);
    return first && second && CRYPTO_memcmp(first->data(), second->data(), first->size()) == 0;
}

}  // namespace

PageAccess::PageAccess(std::string token_file, bool loopback)
    : token_file_(std::move(token_file)), loopback_(loopback) {
    if (token_file_.empty()) return;
    std::string token;
    if (const std::string problem = read_secret_file(token_file_, token); !problem.empty())
        throw ConfigError(problem, {}, "Check --metrics-token-file.");
    if (token.size() < kShortestToken)
        throw ConfigError(
            "the token in file \"" + token_file_ + "\" is too short", {},
            "It has at least " + std::to_string(kShortestToken) + " characters: openssl rand -base64 24");
}

bool PageAccess::has_token(const PageRequest& request) const {
    std::string token;
    if (!read_secret_file(token_file_, token).empty() || token.size() < kShortestToken) return false;
    return are_equal(token_of(request), token);
}

std::optional<PageResponse> PageAccess::refusal(const PageRequest& request) const {
    if (is_cross_site(request)) return PageResponse{403, "not for pages of other sites\n"};
    if (token_file_.empty()) {
        if (!loopback_)
            return PageResponse{403,
                                "the status page is served on a loopback address, or with a token: "
                                "--metrics-token-file\n"};
        if (!names_this_machine(request))
            return PageResponse{403, "the status page is asked for by the name localhost, or its address\n"};
        return std::nullopt;
    }
    if (has_token(request)) return std::nullopt;
    return PageResponse{401, "the status page asks for a token: as Bearer, or as a password with any name\n",
                        "text/plain; charset=utf-8",
                        "WWW-Authenticate: Basic realm=\"gpsync\", charset=\"UTF-8\"\r\n"
                        "WWW-Authenticate: Bearer realm=\"gpsync\"\r\n"};
}

}  // namespace gpsync::relay

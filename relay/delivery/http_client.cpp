#include "relay/delivery/http_client.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "relay/base/version.hpp"
#include "relay/delivery/answer_coding.hpp"
#include "relay/delivery/socket_bytes.hpp"

namespace gpsync::relay {

namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

// Bytes of an answer that are read for nothing, so that its connection can be kept. Behind them it is closed:
// a small body in a coding may become an endless one.
constexpr size_t kMaxThrownAway = size_t{16} << 20;
// Headers of an answer, bytes: libcurl keeps them all, and bounds them only before the body.
constexpr size_t kMaxHeaders = size_t{256} << 10;
// Bytes of an answer on the wire. Extensions of chunks and the like go nowhere, but while they come libcurl
// does not return to the loop.
constexpr uint64_t kMaxReceived = uint64_t{24} << 20;
// Pieces of a body: chunks of a byte cost as much as larger ones.
constexpr size_t kMaxPieces = 262144;

template <typename T>
void set_option(CURL* easy, CURLoption option, T value) {
    if (CURLcode code = curl_easy_setopt(easy, option, value); code != CURLE_OK)
        throw std::runtime_error(std::string("could not set up an HTTP request: ") +
                                 curl_easy_strerror(code));
}

curl_slist* append(curl_slist* list, const std::string& header) {
    curl_slist* longer = curl_slist_append(list, header.c_str());
    if (longer == nullptr) throw std::bad_alloc();
    return longer;
}

}  // namespace

HttpChannel::HttpChannel(ConnectionPool& pool, const EndpointConfig& config)
    : pool_(pool),
      easy_(curl_easy_init()),
      url_(config.url),
      timeout_(config.timeout),
      connect_timeout_(std::min(config.connect_timeout, config.timeout)) {
    if (easy_ == nullptr) throw std::runtime_error("could not set up libcurl");
    try {
        set_fixed_options(config);
    } catch (...) {
        curl_easy_cleanup(easy_);
        throw;
    }
}

HttpChannel::~HttpChannel() {
    HttpChannel::cancel();
    curl_easy_cleanup(easy_);
}

void HttpChannel::set_fixed_options(const EndpointConfig& config) {
    curl_slist* headers = append(nullptr, "Expect:");  // no round trip to ask whether a large body is welcome
    fixed_headers_.reset(headers);
    for (const auto* list : {&config.headers, &config.credentials.headers})
        for (const std::string& header : *list) append(headers, header);
    set_option(easy_, CURLOPT_PRIVATE, this);
    set_option(easy_, CURLOPT_PROTOCOLS_STR, "http,https");
    set_option(easy_, CURLOPT_FOLLOWLOCATION, 0L);
    set_option(easy_, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_2TLS));
    set_option(easy_, CURLOPT_SSL_VERIFYPEER, 1L);
    set_option(easy_, CURLOPT_SSL_VERIFYHOST, 2L);
    set_option(easy_, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    if (!config.ca_file.empty()) set_option(easy_, CURLOPT_CAINFO, config.ca_file.c_str());
    set_option(easy_, CURLOPT_NOSIGNAL, 1L);
    set_option(easy_, CURLOPT_TCP_KEEPALIVE, 1L);
    // What the pool has seen in the environment.
    set_option(easy_, CURLOPT_PROXY, pool_.proxy().c_str());
    set_option(easy_, CURLOPT_NOPROXY, "");
    set_option(easy_, CURLOPT_USERAGENT, (std::string("gpsync-relay/") + kVersion).c_str());
    set_option(easy_, CURLOPT_ERRORBUFFER, error_);
    set_option(easy_, CURLOPT_ACCEPT_ENCODING, kAcceptedCodings);
    set_option(easy_, CURLOPT_HTTP_CONTENT_DECODING, 0L);
    set_option(easy_, CURLOPT_WRITEFUNCTION, on_body);
    set_option(easy_, CURLOPT_WRITEDATA, this);
    set_option(easy_, CURLOPT_READFUNCTION, on_read);
    set_option(easy_, CURLOPT_READDATA, this);
    set_option(easy_, CURLOPT_SEEKFUNCTION, on_seek);
    set_option(easy_, CURLOPT_SEEKDATA, this);
    set_option(easy_, CURLOPT_HEADERFUNCTION, on_header);
    set_option(easy_, CURLOPT_HEADERDATA, this);
    set_option(easy_, CURLOPT_XFERINFOFUNCTION, on_progress);
    set_option(easy_, CURLOPT_XFERINFODATA, this);
    set_option(easy_, CURLOPT_NOPROGRESS, 0L);
    const Credentials& credentials = config.credentials;
    if (!credentials.client_cert_file.empty())
        set_option(easy_, CURLOPT_SSLCERT, credentials.client_cert_file.c_str());
    if (!credentials.client_key_file.empty())
        set_option(easy_, CURLOPT_SSLKEY, credentials.client_key_file.c_str());
    if (!credentials.username.empty()) {
        set_option(easy_, CURLOPT_HTTPAUTH, static_cast<long>(CURLAUTH_BASIC));
        set_option(easy_, CURLOPT_USERNAME, credentials.username.c_str());
        set_option(easy_, CURLOPT_PASSWORD, credentials.password.c_str());
    }
}

void HttpChannel::set_request(const HttpRequest& request, const std::string& bearer_token) {
    set_url(request.url);
    set_body(request);
    set_headers(request.headers, bearer_token);
}

void HttpChannel::set_url(const std::string& url) {
    if (set_url_ == url) return;
    set_option(easy_, CURLOPT_URL, url.empty() ? url_.c_str() : url.c_str());
    // Names in a path that a protocol makes may be dots.
    set_option(easy_, CURLOPT_PATH_AS_IS, url.empty() ? 0L : 1L);
    set_url_ = url;
}

void HttpChannel::set_body(const HttpRequest& request) {
    const bool post = request.method == HttpRequest::Method::post;
    if (std::exchange(set_method_, request.method) != request.method)
        set_option(easy_, post ? CURLOPT_POST : CURLOPT_HTTPGET, 1L);
    unread_ = post ? std::string_view(request.body) : std::string_view();
    unread_at_start_ = unread_.size();
    if (!post) return;
    set_option(easy_, CURLOPT_POSTFIELDS, request.once ? nullptr : request.body.data());
    set_option(easy_, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
}

void HttpChannel::set_headers(const std::vector<std::string>& headers, const std::string& bearer_token) {
    if (headers_ && set_headers_ == headers && set_token_ == bearer_token) return;
    set_option(easy_, CURLOPT_HTTPHEADER, fixed_headers_.get());
    headers_.reset();
    std::unique_ptr<curl_slist, FreeHeaders> list;
    const auto add = [&](const std::string& header) { list.reset(append(list.release(), header)); };
    for (const std::string& header : headers) add(header);
    if (!bearer_token.empty()) add("Authorization: Bearer " + bearer_token);
    set_headers_ = headers;
    set_token_ = bearer_token;
    if (!list) return;
    curl_slist* last = list.get();
    while (last->next != nullptr) last = last->next;
    last->next = fixed_headers_.get();
    headers_ = std::unique_ptr<curl_slist, FreeRequestHeaders>(list.release(), FreeRequestHeaders{last});
    set_option(easy_, CURLOPT_HTTPHEADER, headers_.get());
}

void HttpChannel::send(const HttpRequest& request, const std::string& bearer_token, size_t max_answer,
                       Done done) {
    set_request(request, bearer_token);
    wanted_header_ = request.wanted_header;
    result_ = {};
    error_[0] = '\0';
    max_answer_ = max_answer;
    thrown_away_ = header_bytes_ = pieces_ = 0;
    socket_ = CURL_SOCKET_BAD;
    without_end_ = nullptr;
    done_ = std::move(done);
    begun_ = Clock::now();
    set_ = pool_.take();
    busy_ = true;
    if (set_->resolved()) return start(milliseconds{0});
    resolving_ = pool_.resolve(connect_timeout_, [this](const Resolved& found) { resolved(found); });
}

void HttpChannel::resolved(const Resolved& found) {
    resolving_.reset();
    // Not less than a millisecond is left: 0 is no bound to libcurl.
    const auto spent = std::min(std::chrono::duration_cast<milliseconds>(Clock::now() - begun_),
                                connect_timeout_ - milliseconds{1});
    if (pool_.adopt(*set_, found)) return start(spent);
    result_.code = CURLE_COULDNT_RESOLVE_HOST;
    result_.error = found.error;
    result_.sent = false;
    end();
}

// spent: of the timeouts.
void HttpChannel::start(milliseconds spent) {
    set_option(easy_, CURLOPT_RESOLVE, set_->addresses());
    set_option(easy_, CURLOPT_TIMEOUT_MS, static_cast<long>((timeout_ - spent).count()));
    set_option(easy_, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>((connect_timeout_ - spent).count()));
    if (!set_->add(easy_)) throw std::runtime_error("could not start an HTTP request");
}

void HttpChannel::cancel() {
    if (!busy_) return;
    if (!resolving_) set_->remove(easy_);
    resolving_.reset();
    pool_.give_back(std::move(set_));
    busy_ = false;
    done_ = nullptr;
}

size_t HttpChannel::on_body(char* data, size_t size, size_t count, void* channel) {
    auto* self = static_cast<HttpChannel*>(channel);
    size_t bytes = size * count;
    size_t kept = std::min(bytes, self->max_answer_ - self->result_.body.size());
    self->result_.body.append(data, kept);
    self->thrown_away_ += bytes - kept;
    if (++self->pieces_ > kMaxPieces) {
        self->without_end_ = "the answer comes in too many pieces";
        return 0;
    }
    return self->thrown_away_ <= kMaxThrownAway ? bytes : 0;  // 0: libcurl ends the transfer
}

size_t HttpChannel::on_read(char* to, size_t size, size_t count, void* channel) {
    auto* self = static_cast<HttpChannel*>(channel);
    const size_t bytes = self->unread_.copy(to, size * count);
    self->unread_.remove_prefix(bytes);
    return bytes;
}

// What of a body was read cannot be read again. libcurl (8.7 and later) also asks when a request begins after
// one that failed here: of the new one nothing has been read.
int HttpChannel::on_seek(void* channel, curl_off_t offset, int origin) {
    const auto* self = static_cast<const HttpChannel*>(channel);
    const bool untouched = self->unread_.size() == self->unread_at_start_;
    return untouched && origin == SEEK_SET && offset == 0 ? CURL_SEEKFUNC_OK : CURL_SEEKFUNC_FAIL;
}

size_t HttpChannel::on_header(char*, size_t size, size_t count, void* channel) {
    auto* self = static_cast<HttpChannel*>(channel);
    self->header_bytes_ += size * count;
    if (self->header_bytes_ <= kMaxHeaders) return size * count;
    self->without_end_ = "the headers of the answer are longer than 256 KiB";
    return 0;  // libcurl ends the transfer
}

// Called whenever libcurl has worked on the request.
int HttpChannel::on_progress(void* channel, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
    auto* self = static_cast<HttpChannel*>(channel);
    if (self->socket_ == CURL_SOCKET_BAD) return 0;
    if (bytes_received(self->socket_) <= self->received_before_ + kMaxReceived) return 0;
    self->without_end_ = "the answer is longer than 24 MiB";
    return 1;  // libcurl ends the transfer
}

void HttpChannel::note_socket(curl_socket_t socket) {
    if (socket == socket_) return;
    socket_ = socket;
    received_before_ = bytes_received(socket);
}

std::vector<std::string> HttpChannel::header_values(const std::string& name) const {
    std::vector<std::string> values;
    curl_header* header = nullptr;
    for (size_t i = 0; curl_easy_header(easy_, name.c_str(), i, CURLH_HEADER, -1, &header) == CURLHE_OK; ++i)
        values.emplace_back(header->value);
    return values;
}

void HttpChannel::decode_answer() {
    std::string codings;
    for (const std::string& value : header_values("Content-Encoding"))
        codings.append(codings.empty() ? "" : ",").append(value);
    CodedBody body{std::move(result_.body), result_.cut};
    if (!decode(body, codings, max_answer_)) {
        result_.code = CURLE_BAD_CONTENT_ENCODING;
        body = {};
    }
    result_.body = std::move(body.text);
    result_.cut = body.cut;
}

void HttpChannel::finished(CURLcode code) {
    // What matters of a longer answer is there: it is as good as one that was read to its end.
    result_.code = code == CURLE_WRITE_ERROR && thrown_away_ > kMaxThrownAway ? CURLE_OK : code;
    result_.cut = thrown_away_ > 0;
    if (result_.code == CURLE_OK) decode_answer();
    if (!wanted_header_.empty()) result_.wanted_headers = header_values(wanted_header_);
    curl_easy_getinfo(easy_, CURLINFO_RESPONSE_CODE, &result_.status);
    long sent = 0;
    curl_easy_getinfo(easy_, CURLINFO_REQUEST_SIZE, &sent);
    result_.sent = sent > 0 || code == CURLE_SEND_FAIL_REWIND;
    curl_off_t retry_after = 0;
    if (curl_easy_getinfo(easy_, CURLINFO_RETRY_AFTER, &retry_after) == CURLE_OK && retry_after > 0)
        result_.retry_after = std::chrono::seconds(retry_after);
    if (without_end_ != nullptr) {
        result_.code = CURLE_RECV_ERROR;
        result_.error = without_end_;
    } else if (result_.code != CURLE_OK) {
        result_.error = error_[0] != '\0' ? error_ : curl_easy_strerror(code);
    }
    if (result_.code != CURLE_OK && result_.status == 0) pool_.retire(*set_);
    end();
}

void HttpChannel::end() {
    busy_ = false;
    pool_.give_back(std::move(set_));
    Done done = std::move(done_);
    done_ = nullptr;
    // The answer's memory goes with it.
    const HttpResult result = std::exchange(result_, {});
    pool_.loop().guarded([&] { done(result); });
}

}  // namespace gpsync::relay

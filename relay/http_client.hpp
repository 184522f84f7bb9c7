// HTTP on the event loop: libcurl's multi interface driven by libuv, connections kept alive and shared.
#pragma once

#include <curl/curl.h>

#include <functional>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "relay/answer.hpp"
#include "relay/config.hpp"
#include "relay/event_loop.hpp"
#include "relay/payload.hpp"

namespace gpsync::relay {

class HttpChannel;

class HttpClient {
  public:
    explicit HttpClient(EventLoop& loop);
    ~HttpClient();  // REQUIRES: its channels are gone
    HttpClient(const HttpClient&) = delete;
    HttpClient& operator=(const HttpClient&) = delete;

  private:
    friend class HttpChannel;
    static int on_socket(CURL*, curl_socket_t socket, int what, void* self, void*);
    static int on_timer(CURLM*, long timeout_ms, void* self);
    void act(curl_socket_t socket, int events);
    void collect_finished();

    EventLoop& loop_;
    CURLM* multi_;
    Timer timer_;
    std::unordered_map<curl_socket_t, std::unique_ptr<SocketWatch>> sockets_;
    std::vector<std::unique_ptr<SocketWatch>> unwatched_;  // kept until their callback has surely returned
};

// One request at a time to one endpoint. TLS verification is always on, redirects are never followed.
class HttpChannel {
  public:
    using Done = std::function<void(const HttpResult&)>;

    HttpChannel(HttpClient& client, const EndpointConfig& config);
    ~HttpChannel();  // abandons the request under way
    HttpChannel(const HttpChannel&) = delete;
    HttpChannel& operator=(const HttpChannel&) = delete;

    // Sends the payload; done is called from the loop, never from within post(). The payload must stay as it
    // is until then. bearer_token: empty for none. Of the answer's body max_answer bytes are kept, the rest
    // is read and thrown away. REQUIRES: no request under way.
    void post(const Payload& payload, const std::string& bearer_token, size_t max_answer, Done done);
    void cancel();
    bool busy() const { return busy_; }

  private:
    friend class HttpClient;
    struct FreeHeaders {
        void operator()(curl_slist* list) const { curl_slist_free_all(list); }
    };
    static size_t on_body(char* data, size_t size, size_t count, void* self);
    void set_fixed_options(const EndpointConfig& config);
    void finished(CURLcode code);
    void decode_answer();

    HttpClient& client_;
    CURL* easy_;
    bool gzip_;
    bool busy_ = false;
    size_t max_answer_ = 0;
    size_t thrown_away_ = 0;  // bytes of the answer's body
    HttpResult result_;
    std::unique_ptr<curl_slist, FreeHeaders> headers_;
    char error_[CURL_ERROR_SIZE] = {};
    Done done_;
};

}  // namespace gpsync::relay

#include "relay/delivery/connection_pool.hpp"

#include <cstdlib>
#include <stdexcept>
#include <utility>

#include "relay/delivery/http_client.hpp"
#include "relay/observe/log.hpp"

namespace gpsync::relay {

namespace {

// Idle connections kept: as many as an endpoint may have lanes.
constexpr long kKeptConnections = 64;

}  // namespace

ConnectionSet::ConnectionSet(EventLoop& loop)
    : loop_(loop), multi_(curl_multi_init()), timer_(loop, [this] { act(CURL_SOCKET_TIMEOUT, 0); }) {
    if (multi_ == nullptr) throw std::runtime_error("could not set up libcurl");
    curl_multi_setopt(multi_, CURLMOPT_SOCKETFUNCTION, on_socket);
    curl_multi_setopt(multi_, CURLMOPT_SOCKETDATA, this);
    curl_multi_setopt(multi_, CURLMOPT_TIMERFUNCTION, on_timer);
    curl_multi_setopt(multi_, CURLMOPT_TIMERDATA, this);
    curl_multi_setopt(multi_, CURLMOPT_MAXCONNECTS, kKeptConnections);
}

ConnectionSet::~ConnectionSet() {
    curl_multi_cleanup(multi_);
    sockets_.clear();
}

void ConnectionSet::set_addresses(const std::vector<std::string>& entries) {
    curl_slist* list = nullptr;
    for (const std::string& entry : entries) {
        curl_slist* longer = curl_slist_append(list, entry.c_str());
        if (longer == nullptr) {
            curl_slist_free_all(list);
            throw std::bad_alloc();
        }
        list = longer;
    }
    addresses_.reset(list);
    resolved_ = true;
}

int ConnectionSet::on_socket(CURL* easy, curl_socket_t socket, int what, void* data, void*) {
    auto* self = static_cast<ConnectionSet*>(data);
    self->loop_.guarded([&] {
        if (what == CURL_POLL_REMOVE) {
            auto found = self->sockets_.find(socket);
            if (found == self->sockets_.end()) return;
            found->second->watch(0);
            self->unwatched_.push_back(std::move(found->second));
            self->sockets_.erase(found);
            return;
        }
        HttpChannel* channel = nullptr;
        curl_easy_getinfo(easy, CURLINFO_PRIVATE, &channel);
        if (channel != nullptr) channel->note_socket(socket);
        auto& watch = self->sockets_[socket];
        if (!watch)
            watch = std::make_unique<SocketWatch>(self->loop_, socket, [self, socket](int events) {
                // 0: let libcurl find out what is wrong with it.
                int mask = events == 0 ? CURL_CSELECT_ERR : 0;
                if (events & UV_READABLE) mask |= CURL_CSELECT_IN;
                if (events & UV_WRITABLE) mask |= CURL_CSELECT_OUT;
                self->act(socket, mask);
            });
        watch->watch((what & CURL_POLL_IN ? UV_READABLE : 0) | (what & CURL_POLL_OUT ? UV_WRITABLE : 0));
    });
    return 0;
}

int ConnectionSet::on_timer(CURLM*, long timeout_ms, void* data) {
    auto* self = static_cast<ConnectionSet*>(data);
    if (timeout_ms < 0)
        self->timer_.stop();
    else
        self->timer_.start(std::chrono::milliseconds(timeout_ms));
    return 0;
}

void ConnectionSet::act(curl_socket_t socket, int events) {
    unwatched_.clear();
    int running = 0;
    curl_multi_socket_action(multi_, socket, events, &running);
    collect_finished();
}

void ConnectionSet::collect_finished() {
    int left = 0;
    while (CURLMsg* message = curl_multi_info_read(multi_, &left)) {
        if (message->msg != CURLMSG_DONE) continue;
        HttpChannel* channel = nullptr;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &channel);
        CURLcode code = message->data.result;
        curl_multi_remove_handle(multi_, message->easy_handle);
        channel->finished(code);
    }
}

ConnectionPool::ConnectionPool(EventLoop& loop, Resolver& resolver, const EndpointConfig& config,
                               const Environment& environment)
    : loop_(loop),
      resolver_(resolver),
      endpoint_(config.name),
      max_age_(config.max_connection_age),
      route_(route_to(config.url, environment)),
      age_(loop, [this] { current_.reset(); }),
      clear_left_(loop, [this] { left_.clear(); }) {}

ConnectionPool::ConnectionPool(EventLoop& loop, Resolver& resolver, const EndpointConfig& config)
    : ConnectionPool(loop, resolver, config, [](const char* name) { return std::getenv(name); }) {}

std::shared_ptr<ConnectionSet> ConnectionPool::take() {
    if (!current_) {
        current_ = std::make_shared<ConnectionSet>(loop_);
        if (route_.names.empty()) current_->resolved_ = true;
        age_.start(max_age_);
    }
    return current_;
}

void ConnectionPool::give_back(std::shared_ptr<ConnectionSet> set) {
    if (set == current_) return;
    left_.push_back(std::move(set));
    clear_left_.start(std::chrono::milliseconds{0});
}

void ConnectionPool::retire(const ConnectionSet& set) {
    if (&set == current_.get()) give_back(std::exchange(current_, nullptr));
}

std::unique_ptr<Resolver::Request> ConnectionPool::resolve(std::chrono::milliseconds bound,
                                                           Resolver::Done done) {
    return resolver_.resolve(route_.names, bound, std::move(done));
}

bool ConnectionPool::adopt(ConnectionSet& set, const Resolved& resolved) {
    if (set.resolved()) return true;  // by another request
    if (resolved.error.empty()) {
        last_entries_ = resolved.entries;
        last_found_ = Clock::now();
    } else if (resolved.lasting || last_entries_.empty() || Clock::now() - last_found_ > kUseLastAddresses) {
        return false;
    } else {
        log::warning("using the addresses of before", {{"endpoint", endpoint_}, {"error", resolved.error}});
    }
    set.set_addresses(last_entries_);
    return true;
}

}  // namespace gpsync::relay

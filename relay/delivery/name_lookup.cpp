#include "relay/delivery/name_lookup.hpp"

#include <arpa/inet.h>
#include <netdb.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstring>
#include <map>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <system_error>
#include <thread>
#include <utility>

namespace gpsync::relay {

namespace {

// Without IPv6 in the kernel its addresses are of no use, and the name server is not asked for them.
int address_family() {
    const int probe = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (probe < 0) return AF_INET;
    close(probe);
    return AF_UNSPEC;
}

// Empty for what cannot be written without an interface's name (link-local IPv6).
std::string address_text(const addrinfo& info) {
    char text[INET6_ADDRSTRLEN] = "";
    if (info.ai_family == AF_INET) {
        sockaddr_in address;
        std::memcpy(&address, info.ai_addr, sizeof address);
        inet_ntop(AF_INET, &address.sin_addr, text, sizeof text);
    } else if (info.ai_family == AF_INET6) {
        sockaddr_in6 address;
        std::memcpy(&address, info.ai_addr, sizeof address);
        if (address.sin6_scope_id == 0) inet_ntop(AF_INET6, &address.sin6_addr, text, sizeof text);
    }
    return text;
}

bool is_lasting(int error) {
    return error == EAI_NONAME || error == EAI_NODATA || error == EAI_ADDRFAMILY;
}

}  // namespace

NameAnswer look_up_name(const std::string& host) {
    addrinfo hints{};
    hints.ai_family = address_family();
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    NameAnswer answer;
    if (const int error = getaddrinfo(host.c_str(), nullptr, &hints, &found); error != 0) {
        answer.error = error == EAI_SYSTEM ? std::generic_category().message(errno) : gai_strerror(error);
        answer.lasting = is_lasting(error);
        return answer;
    }
    for (const addrinfo* info = found; info != nullptr; info = info->ai_next)
        if (std::string text = address_text(*info); !text.empty())
            answer.addresses.push_back(std::move(text));
    freeaddrinfo(found);
    if (answer.addresses.empty()) {
        answer.error = "it has no address that can be used";
        answer.lasting = true;
    }
    return answer;
}

Wakeup::Wakeup() : descriptor_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    if (descriptor_ < 0) throw std::runtime_error("could not make an event descriptor");
}

Wakeup::~Wakeup() {
    close(descriptor_);
}

void Wakeup::signal() {
    const uint64_t one = 1;
    [[maybe_unused]] const ssize_t written = write(descriptor_, &one, sizeof one);  // full: readable already
}

void Wakeup::clear() {
    uint64_t count;
    [[maybe_unused]] const ssize_t taken = read(descriptor_, &count, sizeof count);
}

struct NameLookups::State {
    struct Host {
        size_t threads = 0;
        Clock::time_point begun;  // the newest look-up
        std::vector<std::weak_ptr<LookupTicket>> waiting;
        std::optional<NameAnswer> kept;
        Clock::time_point kept_until;
    };

    explicit State(Function function) : look_up(std::move(function)) {}

    void forget_old(Clock::time_point now);
    void begin(const std::string& name, Host& host, const std::shared_ptr<State>& self);
    void finish(const std::string& name, const NameAnswer& answer);

    const Function look_up;
    std::mutex mutex;
    std::map<std::string, Host> hosts;
    size_t threads = 0;
};

namespace {

void settle(LookupTicket& ticket, NameAnswer answer) {
    ticket.answer = std::move(answer);
    ticket.done.store(true, std::memory_order_release);
    ticket.wakeup->signal();
}

// What a thread does: its signals are the main thread's business.
NameAnswer look_up_on_thread(const NameLookups::Function& look_up, const std::string& name) {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, nullptr);
    try {
        return look_up(name);
    } catch (const std::exception& error) {
        return {{}, error.what(), false};
    }
}

}  // namespace

// REQUIRES: locked.
void NameLookups::State::forget_old(Clock::time_point now) {
    for (auto& [name, host] : hosts) {
        std::erase_if(host.waiting, [](const auto& waiting) { return waiting.expired(); });
        if (host.kept && now > host.kept_until) host.kept.reset();
    }
    std::erase_if(hosts, [](const auto& entry) { return entry.second.threads == 0 && !entry.second.kept; });
}

// REQUIRES: locked. Throws std::system_error.
void NameLookups::State::begin(const std::string& name, Host& host, const std::shared_ptr<State>& self) {
    std::thread([self, name] { self->finish(name, look_up_on_thread(self->look_up, name)); }).detach();
    ++host.threads;
    ++threads;
}

void NameLookups::State::finish(const std::string& name, const NameAnswer& answer) {
    const std::lock_guard lock(mutex);
    Host& host = hosts[name];
    --host.threads;
    --threads;
    bool taken = false;
    for (const auto& waiting : std::exchange(host.waiting, {}))
        if (auto ticket = waiting.lock()) {
            settle(*ticket, answer);
            taken = true;
        }
    if (taken || answer.addresses.empty()) return;
    host.kept = answer;
    host.kept_until = Clock::now() + kKept;
}

NameLookups::NameLookups(Function look_up) : state_(std::make_shared<State>(std::move(look_up))) {}

NameLookups& NameLookups::of_process() {
    static NameLookups lookups;
    return lookups;
}

std::shared_ptr<LookupTicket> NameLookups::ask(const std::string& name, std::shared_ptr<Wakeup> wakeup,
                                               Clock::time_point now) {
    auto ticket = std::make_shared<LookupTicket>();
    ticket->wakeup = std::move(wakeup);
    const std::lock_guard lock(state_->mutex);
    state_->forget_old(now);
    State::Host& host = state_->hosts[name];
    if (host.kept) {
        // For the other lanes of the endpoint, which ask at the same time.
        host.kept_until = std::min(host.kept_until, now + std::chrono::seconds(1));
        settle(*ticket, *host.kept);
        return ticket;
    }
    const bool wanted =
        host.threads == 0 || (host.threads < kMaxThreadsPerHost && now - host.begun > kOverdue);
    if (wanted && state_->threads < kMaxThreads) try {
            state_->begin(name, host, state_);
            host.begun = now;
        } catch (const std::system_error& error) {
            if (host.threads == 0)
                settle(*ticket, {{}, std::string("no thread for it: ") + error.what(), false});
        }
    else if (host.threads == 0)
        settle(*ticket, {{}, "too many other names are without an answer", false});
    if (!ticket->done) host.waiting.push_back(ticket);
    return ticket;
}

size_t NameLookups::threads() const {
    const std::lock_guard lock(state_->mutex);
    return state_->threads;
}

}  // namespace gpsync::relay

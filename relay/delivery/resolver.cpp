#include "relay/delivery/resolver.hpp"

#include <algorithm>
#include <utility>

namespace gpsync::relay {

using std::chrono::ceil;
using std::chrono::milliseconds;

std::string resolve_entry(const HostPort& name, const std::vector<std::string>& addresses) {
    std::string entry = name.host + ':' + std::to_string(name.port);
    char separator = ':';
    for (const std::string& address : addresses) {
        const bool ipv6 = address.find(':') != std::string::npos;
        entry += std::exchange(separator, ',') + (ipv6 ? '[' + address + ']' : address);
    }
    return entry;
}

Resolver::Resolver(EventLoop& loop, NameLookups& lookups)
    : lookups_(lookups),
      wakeup_(std::make_shared<Wakeup>()),
      watch_(loop, wakeup_->descriptor(), [this](int) { end_requests(); }),
      deadline_(loop, [this] { end_requests(); }) {
    watch_.watch(UV_READABLE);
}

Resolver::Request::~Request() {
    std::erase(resolver_.requests_, this);
}

std::unique_ptr<Resolver::Request> Resolver::resolve(std::vector<HostPort> names, milliseconds bound,
                                                     Done done) {
    std::unique_ptr<Request> request(new Request(*this));
    for (const HostPort& name : names) request->tickets_.push_back(lookups_.ask(name.host, wakeup_));
    request->names_ = std::move(names);
    request->bound_ = bound;
    request->deadline_ = Clock::now() + bound;
    request->done_ = std::move(done);
    // The destructor of a request takes it out again.
    // cppcheck-suppress danglingLifetime
    requests_.push_back(request.get());
    wait_for_deadline();
    return request;
}

bool Resolver::answered(const Request& request) {
    return std::ranges::all_of(
        request.tickets_, [](const auto& ticket) { return ticket->done.load(std::memory_order_acquire); });
}

Resolved Resolver::collect(const Request& request) {
    Resolved resolved;
    for (size_t i = 0; i < request.names_.size(); ++i) {
        const LookupTicket& ticket = *request.tickets_[i];
        const bool done = ticket.done.load(std::memory_order_acquire);
        if (done && !ticket.answer.addresses.empty()) {
            resolved.entries.push_back(resolve_entry(request.names_[i], ticket.answer.addresses));
            continue;
        }
        resolved.error = "could not resolve host name \"" + request.names_[i].host + "\": ";
        resolved.error +=
            done ? ticket.answer.error : "no answer within " + std::to_string(request.bound_.count()) + " ms";
        resolved.lasting = done && ticket.answer.lasting;
        return resolved;
    }
    return resolved;
}

// A request's Done may begin others and drop any.
void Resolver::end_requests() {
    wakeup_->clear();
    for (;;) {
        const auto now = Clock::now();
        const auto ended = std::ranges::find_if(requests_, [&](const Request* request) {
            return request->deadline_ <= now || answered(*request);
        });
        if (ended == requests_.end()) break;
        Request& request = **ended;
        requests_.erase(ended);
        const Resolved resolved = collect(request);
        const Done done = std::move(request.done_);
        done(resolved);
    }
    wait_for_deadline();
}

void Resolver::wait_for_deadline() {
    const auto first = std::ranges::min_element(requests_, {}, &Request::deadline_);
    if (first == requests_.end()) return deadline_.stop();
    deadline_.start(std::max(ceil<milliseconds>((*first)->deadline_ - Clock::now()), milliseconds{0}));
}

}  // namespace gpsync::relay

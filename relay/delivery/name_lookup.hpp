// Host names to addresses. getaddrinfo() is the one that knows /etc/hosts, nsswitch.conf and search domains,
// and it blocks for as long as a name server keeps it waiting: so it runs on threads that nobody joins.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace gpsync::relay {

struct NameAnswer {
    std::vector<std::string> addresses;  // IPv4 and IPv6 in the order to try them; empty: there is an error
    std::string error;
    bool lasting = false;  // the name does not exist, or has no address; else asking again may help
};

// getaddrinfo(); blocks.
NameAnswer look_up_name(const std::string& host);

// A descriptor that threads make readable.
class Wakeup {
  public:
    Wakeup();
    ~Wakeup();
    Wakeup(const Wakeup&) = delete;
    Wakeup& operator=(const Wakeup&) = delete;

    int descriptor() const { return descriptor_; }
    void signal();
    void clear();

  private:
    int descriptor_;
};

// One who waits for the addresses of a host; dropped by whoever waits no longer.
struct LookupTicket {
    std::shared_ptr<Wakeup> wakeup;
    std::atomic<bool> done = false;
    NameAnswer answer;  // once it is done
};

// The look-ups under way, of the whole process: they go on when a session ends, and the next one asks here.
// Not copied into threads: what these need is shared, so the object may go while look-ups hang.
class NameLookups {
  public:
    using Function = std::function<NameAnswer(const std::string& host)>;
    using Clock = std::chrono::steady_clock;

    // A name that hangs holds two threads: the second sees a resolv.conf that was mended meanwhile.
    static constexpr size_t kMaxThreadsPerHost = 2;
    static constexpr size_t kMaxThreads = 64;
    // A look-up that takes longer is joined by a second one.
    static constexpr std::chrono::seconds kOverdue{15};
    // Addresses that came when nobody waited any more are kept for the next who asks: longer than the longest
    // wait between two attempts, or a name server that is slower than connect_timeout would never be heard.
    static constexpr std::chrono::seconds kKept{120};

    explicit NameLookups(Function look_up = look_up_name);
    static NameLookups& of_process();

    // Asks for a host. The ticket is done, and its descriptor readable, when there is an answer.
    std::shared_ptr<LookupTicket> ask(const std::string& host, std::shared_ptr<Wakeup> wakeup,
                                      Clock::time_point now = Clock::now());
    size_t threads() const;

  private:
    struct State;
    std::shared_ptr<State> state_;
};

}  // namespace gpsync::relay

#include "relay/base/stop_signal.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <stdexcept>
#include <utility>

namespace gpsync::relay {

namespace {

volatile sig_atomic_t stop_flag = 0;
volatile sig_atomic_t reopen_flag = 0;
volatile sig_atomic_t wake_descriptor = -1;

extern "C" void on_signal(int signal) {
    int saved = errno;
    if (signal == SIGHUP)
        reopen_flag = 1;
    else
        stop_flag = 1;
    char byte = 0;
    [[maybe_unused]] ssize_t written = write(wake_descriptor, &byte, 1);  // a full pipe wakes just as well
    errno = saved;
}

}  // namespace

StopSignal::StopSignal(std::function<void()> on_reopen) : on_reopen_(std::move(on_reopen)) {
    if (pipe2(pipe_, O_NONBLOCK | O_CLOEXEC) != 0) throw std::runtime_error("could not make a pipe");
    wake_descriptor = pipe_[1];
    stop_flag = 0;
    reopen_flag = 0;
    struct sigaction action {};
    action.sa_handler = on_signal;
    sigemptyset(&action.sa_mask);
    action.sa_flags = SA_RESTART;
    for (int signal : {SIGTERM, SIGINT, SIGHUP}) sigaction(signal, &action, nullptr);
    signal(SIGPIPE, SIG_IGN);
}

StopSignal::~StopSignal() {
    for (int number : {SIGTERM, SIGINT, SIGHUP}) signal(number, SIG_DFL);
    wake_descriptor = -1;
    close(pipe_[0]);
    close(pipe_[1]);
}

bool StopSignal::stop_requested() const {
    return stop_flag != 0;
}

bool StopSignal::take_reopen_request() {
    bool requested = reopen_flag != 0;
    reopen_flag = 0;
    return requested;
}

void StopSignal::clear() {
    char bytes[64];
    while (read(pipe_[0], bytes, sizeof bytes) > 0) continue;
}

void StopSignal::sleep(std::chrono::milliseconds time) {
    wait_for(-1, false, time);
}

bool StopSignal::wait_for(int socket, bool for_write, std::chrono::milliseconds time) {
    using namespace std::chrono;
    auto end = steady_clock::now() + time;
    for (;;) {
        if (stop_requested()) throw Stopped();
        if (take_reopen_request()) on_reopen_();
        auto left = std::max(ceil<milliseconds>(end - steady_clock::now()), milliseconds{0});
        pollfd watched[2] = {{pipe_[0], POLLIN, 0},
                             {socket, static_cast<short>(for_write ? POLLOUT : POLLIN), 0}};
        int ready = poll(watched, 2, static_cast<int>(left.count()));
        if (watched[0].revents != 0) clear();
        if (ready > 0 && watched[1].revents != 0) return true;
        if (left.count() == 0) return false;
    }
}

}  // namespace gpsync::relay

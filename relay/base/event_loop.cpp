#include "relay/base/event_loop.hpp"

#include <stdexcept>
#include <string>
#include <utility>

namespace gpsync::relay {

namespace {

[[noreturn]] void fail(int result, const char* what) {
    throw std::runtime_error(std::string("could not ") + what + ": " + uv_strerror(result));
}

void check(int result, const char* what) {
    if (result < 0) fail(result, what);
}

template <typename Handle>
void close_handle(Handle* handle) {
    handle->data = nullptr;
    uv_close(reinterpret_cast<uv_handle_t*>(handle),
             [](uv_handle_t* closed) { delete reinterpret_cast<Handle*>(closed); });
}

}  // namespace

EventLoop::EventLoop() {
    check(uv_loop_init(&loop_), "set up an event loop");
}

EventLoop::~EventLoop() {
    uv_run(&loop_, UV_RUN_DEFAULT);  // lets closed handles go
    uv_loop_close(&loop_);
}

void EventLoop::run() {
    uv_run(&loop_, UV_RUN_DEFAULT);
    if (error_) std::rethrow_exception(std::exchange(error_, nullptr));
}

Timer::Timer(EventLoop& loop, std::function<void()> fire)
    : loop_(loop), fire_(std::move(fire)), handle_(new uv_timer_t) {
    uv_timer_init(loop.get(), handle_);
    handle_->data = this;
}

Timer::~Timer() {
    close_handle(handle_);
}

void Timer::start(std::chrono::milliseconds wait, std::chrono::milliseconds repeat) {
    // Waits count from the loop's cached time, which is as old as the callback that calls this.
    uv_update_time(loop_.get());
    uv_timer_start(
        handle_,
        [](uv_timer_t* handle) {
            auto* self = static_cast<Timer*>(handle->data);
            if (self) self->loop_.guarded(self->fire_);
        },
        static_cast<uint64_t>(wait.count()), static_cast<uint64_t>(repeat.count()));
}

void Timer::stop() {
    uv_timer_stop(handle_);
}

SocketWatch::SocketWatch(EventLoop& loop, int socket, Callback ready)
    : loop_(loop), ready_(std::move(ready)), handle_(new uv_poll_t) {
    int result = uv_poll_init(loop.get(), handle_, socket);
    if (result < 0) {
        delete handle_;
        fail(result, "watch a socket");
    }
    handle_->data = this;
}

SocketWatch::~SocketWatch() {
    close_handle(handle_);
}

void SocketWatch::watch(int events) {
    if (events == events_) return;
    events_ = events;
    if (events == 0) {
        uv_poll_stop(handle_);
        return;
    }
    check(uv_poll_start(handle_, events,
                        [](uv_poll_t* handle, int status, int ready) {
                            auto* self = static_cast<SocketWatch*>(handle->data);
                            if (self) self->loop_.guarded([&] { self->ready_(status < 0 ? 0 : ready); });
                        }),
          "watch a socket");
}

}  // namespace gpsync::relay

#include "relay/base/wake_watch.hpp"

#include <chrono>

#include "relay/base/clock.hpp"

namespace gpsync::relay {

void SleepCheck::plan(Now now, std::chrono::milliseconds wait) {
    if (due_.steady.count() != 0) look(now);
    due_ = {now.steady + wait, now.boot + wait};
}

bool SleepCheck::awake(Now now) {
    look(now);
    return confirmed_ == sleeps_;
}

void SleepCheck::confirm(Now now, uint64_t asleep_then) {
    look(now);
    confirmed_ = asleep_then;
}

void SleepCheck::look(Now now) {
    if (now.steady <= due_.steady + kSlack && now.boot <= due_.boot + kSlack) return;
    ++sleeps_;
    due_ = now;
}

WakeWatch::WakeWatch(EventLoop& loop) : check_(now()), handle_(new uv_prepare_t) {
    uv_prepare_init(loop.get(), handle_);
    handle_->data = this;
    uv_prepare_start(handle_, [](uv_prepare_t* handle) {
        auto* self = static_cast<WakeWatch*>(handle->data);
        // -1: for as long as it takes.
        const int wait = uv_backend_timeout(handle->loop);
        if (self)
            self->check_.plan(now(), wait < 0 ? std::chrono::hours{24} : std::chrono::milliseconds{wait});
    });
    uv_unref(reinterpret_cast<uv_handle_t*>(handle_));
}

WakeWatch::~WakeWatch() {
    handle_->data = nullptr;
    uv_close(reinterpret_cast<uv_handle_t*>(handle_),
             [](uv_handle_t* closed) { delete reinterpret_cast<uv_prepare_t*>(closed); });
}

SleepCheck::Now WakeWatch::now() {
    return {std::chrono::steady_clock::now().time_since_epoch(), boot_time()};
}

}  // namespace gpsync::relay

// What supervisors and other sessions share: whom to wake, and which metrics ports are taken.
#include "pg/guard.h"
#include "supervisor/supervisor.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "access/xact.h"
#include "storage/ipc.h"
#include "storage/latch.h"
#include "storage/shmem.h"
#include "storage/spin.h"
GPSYNC_SERVER_HEADERS_END

extern "C" {
static void request_memory();
static void attach_memory();
}

namespace gpsync::supervisor {

namespace {

constexpr int kMetricsNumbers = 256;
constexpr int kFree = -1;

struct Worker {
    Oid database;  // InvalidOid: not running
    Latch* latch;  // of its PGPROC, which is never freed: setting it late wakes somebody else, harmlessly
};

struct Shared {
    slock_t lock;                              // held for a few instructions
    int16 metrics_number_of[kMetricsNumbers];  // which worker's relay has it, or kFree
    int workers;
    Worker worker[FLEXIBLE_ARRAY_MEMBER];
};

Shared* shared = nullptr;
int requested_workers = 0;
shmem_request_hook_type next_request_hook = nullptr;
shmem_startup_hook_type next_startup_hook = nullptr;
bool wake_requested = false;

Size shared_size() {
    return offsetof(Shared, worker) + sizeof(Worker) * requested_workers;
}

void initialize(Shared* memory) {
    SpinLockInit(&memory->lock);
    for (int16& owner : memory->metrics_number_of) owner = kFree;
    memory->workers = requested_workers;
    for (int i = 0; i < requested_workers; ++i) memory->worker[i] = {InvalidOid, nullptr};
}

void clear_worker(int worker) {
    SpinLockAcquire(&shared->lock);
    shared->worker[worker] = {InvalidOid, nullptr};
    for (int16& owner : shared->metrics_number_of) {
        if (owner == worker) owner = kFree;
    }
    SpinLockRelease(&shared->lock);
}

void at_worker_exit(int, Datum worker) {
    clear_worker(DatumGetInt32(worker));
}

void wake() {
    Latch* latch = nullptr;
    SpinLockAcquire(&shared->lock);
    for (int i = 0; i < shared->workers; ++i) {
        if (shared->worker[i].database == MyDatabaseId) latch = shared->worker[i].latch;
    }
    SpinLockRelease(&shared->lock);
    if (latch != nullptr) SetLatch(latch);
}

void at_transaction_end(XactEvent event, void*) {
    if (!wake_requested || event == XACT_EVENT_PRE_COMMIT || event == XACT_EVENT_PRE_PREPARE) return;
    wake_requested = false;
    if (event == XACT_EVENT_COMMIT) wake();
}

}  // namespace

void request_shared_memory(int workers) {
    requested_workers = workers;
    next_request_hook = shmem_request_hook;
    shmem_request_hook = request_memory;
    next_startup_hook = shmem_startup_hook;
    shmem_startup_hook = attach_memory;
}

void announce_worker(int worker) {
    clear_worker(worker);  // what a killed predecessor left
    before_shmem_exit(at_worker_exit, Int32GetDatum(worker));
    SpinLockAcquire(&shared->lock);
    shared->worker[worker] = {MyDatabaseId, MyLatch};
    SpinLockRelease(&shared->lock);
}

int take_metrics_number(int worker) {
    int number = 0;
    SpinLockAcquire(&shared->lock);
    while (number < kMetricsNumbers && shared->metrics_number_of[number] != kFree) ++number;
    if (number < kMetricsNumbers) shared->metrics_number_of[number] = static_cast<int16>(worker);
    SpinLockRelease(&shared->lock);
    return number < kMetricsNumbers ? number : -1;
}

void release_metrics_number(int number) {
    if (number < 0) return;
    SpinLockAcquire(&shared->lock);
    shared->metrics_number_of[number] = kFree;
    SpinLockRelease(&shared->lock);
}

}  // namespace gpsync::supervisor

static void request_memory() {
    using namespace gpsync::supervisor;
    if (next_request_hook != nullptr) next_request_hook();
    RequestAddinShmemSpace(shared_size());
}

static void attach_memory() {
    using namespace gpsync::supervisor;
    if (next_startup_hook != nullptr) next_startup_hook();
    bool found = false;
    shared = static_cast<Shared*>(ShmemInitStruct("gpsync supervisor", shared_size(), &found));
    if (!found) initialize(shared);
}

namespace gpsync {

void supervisor_wake_at_commit() {
    static bool registered = false;
    if (supervisor::shared == nullptr) return;
    if (!registered) RegisterXactCallback(supervisor::at_transaction_end, nullptr);
    registered = true;
    supervisor::wake_requested = true;
}

}  // namespace gpsync

GPSYNC_FUNCTION(gpsync_wake_supervisor) {
    (void)fcinfo;
    return gpsync::pg::guarded([]() -> Datum {
        gpsync::supervisor_wake_at_commit();
        return PointerGetDatum(nullptr);
    });
}

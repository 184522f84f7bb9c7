#include "trigger/partition_move.h"

GPSYNC_SERVER_HEADERS_BEGIN
#include "utils/palloc.h"
GPSYNC_SERVER_HEADERS_END

namespace gpsync {

namespace {

// One for each per-tuple context with a row that may be moving, the innermost command's first.
struct Move {
    Move* next;
    MemoryContext context;  // which it is allocated in
    MemoryContextCallback forget;
    Oid relation;
    ItemPointerData tid;
    int64_t revision;
    bool departed;
    std::string_view state;
};

Move*& moves() {
    static Move* first = nullptr;
    return first;
}

Move* move_of_current_row() {
    for (Move* move = moves(); move != nullptr; move = move->next)
        if (move->context == CurrentMemoryContext) return move;
    return nullptr;
}

void unlink_move(void* argument) {
    for (Move** link = &moves(); *link != nullptr; link = &(*link)->next) {
        if (*link != argument) continue;
        *link = (*link)->next;
        return;
    }
}

Move* new_move() {
    auto* move = static_cast<Move*>(palloc0(sizeof(Move)));
    move->context = CurrentMemoryContext;
    move->forget = {unlink_move, move, nullptr};
    MemoryContextRegisterResetCallback(CurrentMemoryContext, &move->forget);
    move->next = moves();
    moves() = move;
    return move;
}

std::string_view copied(std::string_view text, MemoryContext context) {
    if (text.data() == nullptr) return {};
    auto* copy = static_cast<char*>(MemoryContextAlloc(context, text.size() + 1));
    std::memcpy(copy, text.data(), text.size());
    return {copy, text.size()};
}

struct RefusedMove {
    RefusedMove* next;
    int64_t revision;
    std::string_view from;
    MemoryContextCallback forget;
};

RefusedMove*& refused_moves() {
    static RefusedMove* first = nullptr;
    return first;
}

// All of them live in the transaction's context, so they go together.
void forget_refused_moves(void*) {
    refused_moves() = nullptr;
}

}  // namespace

void note_update(Oid relation, const ItemPointerData& tid, int64_t revision) {
    Move* move = move_of_current_row();
    if (move == nullptr) move = new_move();
    move->relation = relation;
    move->tid = tid;
    move->revision = revision;
    move->departed = false;
}

void note_delete(Oid relation, const ItemPointerData& tid, std::string_view state) {
    Move* move = move_of_current_row();
    if (move == nullptr || move->relation != relation) return;
    ItemPointerData departing = tid;
    if (!ItemPointerEquals(&move->tid, &departing)) return;
    move->state = copied(state, move->context);
    move->departed = true;
}

std::optional<Departure> departure_of_inserted_row() {
    const Move* move = move_of_current_row();
    if (move == nullptr || !move->departed) return std::nullopt;
    return Departure{move->state, move->revision};
}

void note_arrival() {
    if (Move* move = move_of_current_row()) move->departed = false;
}

void remember_refused_move(int64_t revision, std::string_view from) {
    auto* refused =
        static_cast<RefusedMove*>(MemoryContextAllocZero(TopTransactionContext, sizeof(RefusedMove)));
    refused->revision = revision;
    refused->from = copied(from, TopTransactionContext);
    if (refused_moves() == nullptr) {
        refused->forget = {forget_refused_moves, nullptr, nullptr};
        MemoryContextRegisterResetCallback(TopTransactionContext, &refused->forget);
    }
    refused->next = refused_moves();
    refused_moves() = refused;
}

std::optional<std::string_view> refused_move(int64_t revision) {
    for (const RefusedMove* refused = refused_moves(); refused != nullptr; refused = refused->next)
        if (refused->revision == revision) return refused->from;
    return std::nullopt;
}

}  // namespace gpsync

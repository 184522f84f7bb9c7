#include "pg/guard.h"

#include <new>

namespace gpsync::pg {

namespace {

// Copies at most size - 1 bytes and never splits a multibyte character of the server's encoding.
template <size_t size>
void copy_text(char (&to)[size], std::string_view from) noexcept {
    size_t length = from.size() < size ? from.size() : size - 1;
    while (length > 0 && length < from.size() && (static_cast<unsigned char>(from[length]) & 0xC0) == 0x80)
        --length;
    std::memcpy(to, from.data(), length);
    to[length] = '\0';
}

}  // namespace

void PlainError::take_current_exception() noexcept {
    detail[0] = hint[0] = schema[0] = table[0] = column[0] = constraint[0] = '\0';
    sqlstate = ERRCODE_INTERNAL_ERROR;
    try {
        throw;
    } catch (const ServerError& e) {
        server = e.data_;
    } catch (const Error& e) {
        sqlstate = static_cast<int>(e.sqlstate_);
        copy_text(message, e.message_);
        copy_text(detail, e.detail_);
        copy_text(hint, e.hint_);
        copy_text(schema, e.schema_);
        copy_text(table, e.table_);
        copy_text(column, e.column_);
        copy_text(constraint, e.constraint_);
    } catch (const std::bad_alloc&) {
        sqlstate = ERRCODE_OUT_OF_MEMORY;
        copy_text(message, "out of memory");
    } catch (const std::exception& e) {
        copy_text(message, e.what());
    } catch (...) {
        copy_text(message, "unknown C++ exception");
    }
}

void PlainError::raise() const {
    if (server != nullptr) ReThrowError(server);
    ereport(ERROR, (errcode(sqlstate), errmsg_internal("%s", message),
                    detail[0] != '\0' ? errdetail_internal("%s", detail) : 0,
                    hint[0] != '\0' ? errhint("%s", hint) : 0,
                    schema[0] != '\0' ? err_generic_string(PG_DIAG_SCHEMA_NAME, schema) : 0,
                    table[0] != '\0' ? err_generic_string(PG_DIAG_TABLE_NAME, table) : 0,
                    column[0] != '\0' ? err_generic_string(PG_DIAG_COLUMN_NAME, column) : 0,
                    constraint[0] != '\0' ? err_generic_string(PG_DIAG_CONSTRAINT_NAME, constraint) : 0));
    pg_unreachable();
}

namespace detail {

namespace {

// Holds what must survive PG_TRY's sigsetjmp; reached through a pointer, so nothing lives in a register.
struct CallOutcome {
    ErrorData* server_error = nullptr;
    std::exception_ptr exception;
};

void run_catching(void (*trampoline)(void*), void* closure, CallOutcome* outcome) {
    try {
        trampoline(closure);
    } catch (...) {
        outcome->exception = std::current_exception();
    }
}

void run_in_pg_try(void (*trampoline)(void*), void* closure, CallOutcome* outcome) {
    MemoryContext caller = CurrentMemoryContext;
    PG_TRY();
    { run_catching(trampoline, closure, outcome); }
    PG_CATCH();
    {
        MemoryContextSwitchTo(caller);
        outcome->server_error = CopyErrorData();
        FlushErrorState();
    }
    PG_END_TRY();
}

}  // namespace

void server_call_impl(void (*trampoline)(void*), void* closure) {
    CallOutcome outcome;
    run_in_pg_try(trampoline, closure, &outcome);
    if (outcome.server_error != nullptr) throw ServerError(outcome.server_error);
    if (outcome.exception) std::rethrow_exception(outcome.exception);
}

}  // namespace detail

}  // namespace gpsync::pg

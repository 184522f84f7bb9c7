// The registry of SQLSTATEs gpsync raises, by what they mean to a caller, and the exception that carries
// an error from C++ to the guard (guard.h), which turns it into a PostgreSQL ERROR.
#pragma once

#include "pg/prelude.h"

namespace gpsync::pg {

enum class Sqlstate : int {
    kIllegalTransition = ERRCODE_CHECK_VIOLATION,                        // 23514
    kNullValue = ERRCODE_NULL_VALUE_NOT_ALLOWED,                         // 22004
    kInvalidParameter = ERRCODE_INVALID_PARAMETER_VALUE,                 // 22023
    kInvalidOption = ERRCODE_FDW_INVALID_OPTION_NAME,                    // HV00D
    kInvalidOptionValue = ERRCODE_FDW_INVALID_ATTRIBUTE_VALUE,           // HV024
    kUndefinedObject = ERRCODE_UNDEFINED_OBJECT,                         // 42704
    kUndefinedColumn = ERRCODE_UNDEFINED_COLUMN,                         // 42703
    kUndefinedTable = ERRCODE_UNDEFINED_TABLE,                           // 42P01
    kDuplicateObject = ERRCODE_DUPLICATE_OBJECT,                         // 42710
    kWrongObjectType = ERRCODE_WRONG_OBJECT_TYPE,                        // 42809
    kNotInPrerequisiteState = ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE,  // 55000
    kObjectInUse = ERRCODE_OBJECT_IN_USE,                                // 55006
    kDependentObjects = ERRCODE_DEPENDENT_OBJECTS_STILL_EXIST,           // 2BP01
    kReadOnlyTransaction = ERRCODE_READ_ONLY_SQL_TRANSACTION,            // 25006
    kActiveTransaction = ERRCODE_ACTIVE_SQL_TRANSACTION,                 // 25001
    kInsufficientPrivilege = ERRCODE_INSUFFICIENT_PRIVILEGE,             // 42501
    kFeatureNotSupported = ERRCODE_FEATURE_NOT_SUPPORTED,                // 0A000
    kConfigFile = ERRCODE_CONFIG_FILE_ERROR,                             // F0000
    kLimitExceeded = ERRCODE_PROGRAM_LIMIT_EXCEEDED,                     // 54000
    kTriggerProtocol = ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED,        // 39P01
    kOutOfMemory = ERRCODE_OUT_OF_MEMORY,                                // 53200
    kInternal = ERRCODE_INTERNAL_ERROR,                                  // XX000
};

// An error of gpsync's own. Throw it from code that runs under guarded(); never across a server frame.
class Error : public std::exception {
  public:
    Error(Sqlstate sqlstate, std::string message) : sqlstate_(sqlstate), message_(std::move(message)) {}

    Error& detail(std::string text) {
        detail_ = std::move(text);
        return *this;
    }
    Error& hint(std::string text) {
        hint_ = std::move(text);
        return *this;
    }
    // The object fields of the error report (PQresultErrorField's schema, table, column, constraint).
    Error& object(std::string schema, std::string table, std::string column = {},
                  std::string constraint = {}) {
        schema_ = std::move(schema);
        table_ = std::move(table);
        column_ = std::move(column);
        constraint_ = std::move(constraint);
        return *this;
    }

    const char* what() const noexcept override { return message_.c_str(); }

    Sqlstate sqlstate_;
    std::string message_, detail_, hint_, schema_, table_, column_, constraint_;
};

// A server ERROR caught by server_call(); the guard raises it again with every field it had.
class ServerError : public std::exception {
  public:
    explicit ServerError(ErrorData* data) : data_(data) {}
    const char* what() const noexcept override { return data_->message != nullptr ? data_->message : ""; }
    ErrorData* data_;  // in the memory context that was current at server_call()
};

}  // namespace gpsync::pg

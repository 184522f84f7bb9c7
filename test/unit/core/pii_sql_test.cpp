// Names and values in statements of SQL, and in what PostgreSQL prints of rows.
#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "pii_scrub_helpers.hpp"

namespace gpsync::core::pii {
namespace {

std::string note(std::string_view text) {
    return "{\"note\":" + in_quotes(text) + "}";
}
// The text with a value in place of each '~'; all of them go, and nothing else.
void expect_gone(std::string_view text, std::string_view value) {
    std::string with, without;
    for (const char c : text) {
        with += c == '~' ? std::string(value) : std::string(1, c);
        without += c == '~' ? "[removed]" : std::string(1, c);
    }
    expect_scrubbed(note(with), note(without));
}

TEST(PiiSql, ListsOfColumnsNameListsOfValues) {
    for (const char* text :
         {"UPDATE t SET (tier, surname) = ('gold', '~') WHERE id = 7",
          "UPDATE t SET (tier, surname) = ROW ('gold', '~')", "INSERT INTO t (id, surname) SELECT 7, '~'",
          "INSERT INTO t(id,surname) OVERRIDING SYSTEM VALUE VALUES (7, '~')",
          "INSERT INTO t (`id`, \"surname\") VALUES (7, '~'), (8, '~')",
          "COPY t (id, surname) FROM STDIN WITH (FORMAT csv)\n7,~\n8,~\n\\."})
        expect_gone(text, "Marsh");
}

TEST(PiiSql, ConditionsNameTheirValues) {
    for (const char* text :
         {"SELECT * FROM t WHERE surname <> '~'", "SELECT * FROM t WHERE t.surname LIKE '~'",
          "SELECT * FROM t WHERE lower(surname) = '~'", "SELECT * FROM t WHERE surname::text = '~'",
          "SELECT * FROM t WHERE `surname` = '~' AND \"surname\" != '~'",
          "DELETE FROM t WHERE surname IN ('~', '~')", "SELECT * FROM t WHERE surname BETWEEN '~' AND '~'",
          "SELECT * FROM t WHERE surname ILIKE '~'"})
        expect_gone(text, "Marsh");
    expect_gone("SELECT * FROM t WHERE cvc IN (~, ~)", "512");
}

TEST(PiiSql, PasswordsOfRoles) {
    for (const char* text :
         {"CREATE ROLE ann LOGIN PASSWORD '~'", "ALTER ROLE ann WITH ENCRYPTED PASSWORD '~';",
          "ALTER USER ann IDENTIFIED BY '~'"})
        expect_gone(text, "kupferkanne");
    expect_kept(note("CREATE USER ann PASSWORD NULL"));
    expect_kept(note("set the password 'as shown below'"));
}

TEST(PiiSql, RowsAndParametersInLogs) {
    expect_gone("table public.t: INSERT: id[integer]:7 surname[character varying]:'~' tier[text]:'gold'",
                "Marsh");
    expect_gone("table public.t: DELETE: cvc[integer]:~", "512");
    expect_gone(
        "execute S_1: UPDATE t SET tier = $1, surname = $2\nDETAIL:  parameters: $1 = 'gold', $2 = '~'",
        "Marsh");
    expect_gone("INSERT INTO t (id, surname) VALUES ($1, $2)\nDETAIL:  parameters: $1 = '7', $2 = '~'",
                "Marsh");
}

TEST(PiiSql, WhatNamesNothingStays) {
    for (const char* text :
         {"UPDATE t SET (status) = ('done')", "SELECT cvc, surname FROM t WHERE id = 7",
          "INSERT INTO t (id, cvc, surname) SELECT id, cvc, surname FROM s",
          "CREATE TABLE t (cvc text, surname varchar(40), pin int DEFAULT 0)",
          "SELECT * FROM t WHERE surname = $1 AND cvc = ?", "SELECT * FROM t WHERE surname = other.surname",
          "UPDATE t SET surname = NULL, password = DEFAULT", "SELECT * FROM t WHERE tier IN ('gold', 'red')",
          "SELECT * FROM t ORDER BY 'x'", "table public.t: INSERT: id[integer]:7 tier[text]:'gold'",
          "DETAIL:  parameters: $1 = 'gold', $2 = 'Marsh'"})
        expect_kept(note(text));
}

}  // namespace
}  // namespace gpsync::core::pii

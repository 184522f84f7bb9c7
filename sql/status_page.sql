-- report_html() and what it is made from. test/tap/status_page.pl looks at the page.
\set VERBOSITY terse
CREATE DATABASE gpsync_regress_status_page;
\c gpsync_regress_status_page
CREATE EXTENSION gpsync;
SELECT gpsync.report_html() ~ '^<!doctype html>.*</html>\n$' AS is_a_page;

-- Every section has its rows, and none fails.
SELECT s.section, gpsync_internal.status_document() -> s.section::text ? 'rows' AS has_rows,
       gpsync_internal.status_document() -> s.section::text -> 'sqlstate' AS sqlstate
FROM unnest(gpsync_internal.page_sections()) AS s (section);
SELECT jsonb_object_keys(gpsync_internal.status_document() - gpsync_internal.page_sections()::text[]) AS member
ORDER BY 1;
SELECT jsonb_object_keys(gpsync_internal.status_details()) AS member;

-- So many rows at most, and how many there are. A section that is none says so.
SELECT gpsync_internal.page_section('machines', 1) ->> 'total' AS total,
       jsonb_array_length(gpsync_internal.page_section('machines', 1) -> 'rows') AS shown;
SELECT gpsync_internal.page_section('no such section', 1);

-- Of a URL the page shows no path, no query and no password.
SELECT url, gpsync_internal.page_origin(url) FROM (VALUES ('https://nws.example/events'),
    ('https://user:password@nws.example:8443/hooks/T0KEN?key=s3cret#x'), ('HTTP://[2001:db8::1]:80/'),
    ('https://nws.example?key=s3cret'), ('local:history'), ('nonsense'), (NULL)) AS v (url);

-- Errors are shown without PII, and not without end.
SELECT gpsync_internal.page_text('card 4111 1111 1111 1111 of ann@example.org is refused: 422');
SELECT length(gpsync_internal.page_text(repeat('x', 10000)));

-- Whatever the document is, there is a page.
SELECT d, gpsync_internal.page_html(d) ~ '^<!doctype html>.*</html>\n$' AS is_a_page
FROM unnest(ARRAY['', '[]', 'null', '{"streams": {"rows": [{}, 1, null]}}',
                  '{"machines": {"rows": [{"states": [""]}]}}']) AS d;

-- What happened, in a few lines. The counts of the endpoints come from the command line.
\echo
SELECT format(E'Delivered %s changes to each endpoint in %s s (%s a second).\n', :nws, :seconds, (:nws / :seconds)::int)
    || format(E'States: %s.\n', (SELECT string_agg(format('%s %s', n, status), ', ' ORDER BY n DESC)
                                 FROM (SELECT status, count(*) AS n FROM provision_status GROUP BY status) AS s))
    || format(E'Illegal moves: %s tried, all refused, for example: %s.\n', count(*), min(message))
    || format(E'Outage: NWS answered 503 to %s requests; they were sent again. '
              'Events it got twice and dropped: %s. Batches that broke a rule: %s.\n',
              :retried, :repeats, :refused_batches)
    || format('Dead letters: %s.', (SELECT count(*) FROM gpsync.dead_letters))
FROM demo.refusal;
\echo
\echo OK: both ledgers agree with the tables.

-- How long wallets stay in each state, ms: median, 90 and 99 %.
SELECT state, count(*) AS times,
       round(extract(epoch FROM percentile_cont(0.5) WITHIN GROUP (ORDER BY duration)) * 1000) AS median_ms,
       round(extract(epoch FROM percentile_cont(0.9) WITHIN GROUP (ORDER BY duration)) * 1000) AS p90_ms,
       round(extract(epoch FROM percentile_cont(0.99) WITHIN GROUP (ORDER BY duration)) * 1000) AS p99_ms
FROM gpsync.status_durations
WHERE relation = 'wallet'::regclass AND left_at IS NOT NULL AND NOT at_least
GROUP BY state ORDER BY min(array_position('{RECEIVED,PROCESSING,COMPLETED,VERIFIED,FAILED}', state));

-- How far wallets have come, by operating system: of 100 that were received.
SELECT r.os, count(DISTINCT r.wallet_id) AS received,
       round(100.0 * count(DISTINCT r.wallet_id) FILTER (WHERE h.to_state = 'COMPLETED') / count(DISTINCT
           r.wallet_id)) AS completed,
       round(100.0 * count(DISTINCT r.wallet_id) FILTER (WHERE h.to_state = 'ELIGIBLE') / count(DISTINCT
           r.wallet_id)) AS eligible,
       round(100.0 * count(DISTINCT r.wallet_id) FILTER (WHERE h.to_state = 'FAILED') / count(DISTINCT r.wallet_id))
           AS ever_failed
FROM reports.wallet AS r
JOIN gpsync.status_history AS h ON h.relation = 'wallet'::regclass AND h.key ->> 'wallet_id' = r.wallet_id
GROUP BY r.os ORDER BY r.os;

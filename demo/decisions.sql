SELECT decision, share_before || ' → ' || share_after || ' %',
       coalesce(requests || ' requests, ' || errors || ' failed', ''),
       CASE WHEN value IS NULL THEN '' ELSE format('%s %s of %s', statistic,
           trim(to_char(value, CASE WHEN value < 1e6 THEN '999990.99' ELSE '9.9EEEE' END)), bound) END
FROM gpsync.ramp_log WHERE ramp = 'cutover' AND decision <> 'wait' ORDER BY id;

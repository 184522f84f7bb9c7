-- Operational events: what an operator wants to hear of without asking (breaker, dead letters, ramp, roll-back …).

CREATE FUNCTION gpsync_internal.raise_ops_event(event text, subject text, data jsonb) RETURNS void
LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
  RAISE LOG 'gpsync: % of %', event, subject USING DETAIL = data::text;
END $$;
COMMENT ON FUNCTION gpsync_internal.raise_ops_event(text, text, jsonb) IS
  'Reports an operational event. event: its name without gpsync.ops., such as ramp.step; subject: the ramp, stream, '
  'endpoint or batch it is about; data: numbers and names, never a payload or a value of a row.';

-- From 0.1.0 to 0.2.0. scripts/upgrade-script says how this file becomes the script that is installed.
-- @by-hand CREATE TABLE gpsync.dead_letter
ALTER TABLE gpsync.dead_letter ADD COLUMN state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'retrying')),
    ADD COLUMN as_it_was boolean NOT NULL DEFAULT false, ADD COLUMN retry_revision bigint,
    ADD COLUMN retried_at timestamptz;
-- @by-hand CREATE UNLOGGED TABLE gpsync.endpoint_report
ALTER TABLE gpsync.endpoint_report ADD COLUMN breaker_since timestamptz, ADD COLUMN next_probe_at timestamptz,
    ADD COLUMN lanes_in_use integer, ADD COLUMN failing boolean NOT NULL DEFAULT false,
    ADD COLUMN at_limit boolean NOT NULL DEFAULT false;
-- @by-hand CREATE TABLE gpsync.stream
ALTER TABLE gpsync.stream ALTER COLUMN publication DROP NOT NULL, ADD COLUMN topics text[] NOT NULL DEFAULT '{}',
    ADD COLUMN partition text,
    ADD COLUMN failover boolean NOT NULL DEFAULT false,
    ADD CHECK (publication IS NOT NULL OR cardinality(topics) > 0);
-- @by-hand CREATE TABLE gpsync.stream_position
ALTER TABLE gpsync.stream_position ADD COLUMN ended_before xid8 NOT NULL DEFAULT '0',
    ADD COLUMN next_ended_before xid8 NOT NULL DEFAULT '0', ADD COLUMN next_ended_lsn pg_lsn NOT NULL DEFAULT '0/0';
DROP FUNCTION gpsync.create_stream(text, text[], text, boolean);
DROP FUNCTION gpsync_internal.create_stream_as(oid, text, text[], text, boolean);
DROP FUNCTION gpsync_internal.refuse_filtered_publication(name);
DROP FUNCTION gpsync_internal.refuse_second_booking(text, name);
-- @changed
-- The revocations of the parts are repeated for functions alone.
REVOKE ALL ON FUNCTION gpsync_internal.jsonb_merge(jsonb) FROM PUBLIC;

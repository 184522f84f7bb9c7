-- The catalogs of Citus 11 to 13 that say which shards there are and where, as far as gpsync reads them: names,
-- columns and types are Citus', and so is the way into pg_catalog. Nothing distributes a table: a test makes tables and
-- shards, and writes what Citus would.
CREATE SCHEMA citus;

CREATE TABLE citus.pg_dist_partition (
    logicalrelid  regclass PRIMARY KEY,
    partmethod    "char" NOT NULL,          -- h: by hash; n: a reference table
    partkey       text,
    colocationid  integer NOT NULL DEFAULT 0,
    repmodel      "char" NOT NULL DEFAULT 's',
    autoconverted boolean NOT NULL DEFAULT false);

CREATE TABLE citus.pg_dist_shard (
    logicalrelid  regclass NOT NULL,
    shardid       bigint PRIMARY KEY,
    shardstorage  "char" NOT NULL DEFAULT 't',
    shardminvalue text,
    shardmaxvalue text);

CREATE TABLE citus.pg_dist_placement (
    placementid bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    shardid     bigint NOT NULL,
    shardstate  integer NOT NULL DEFAULT 1, -- 1: active
    shardlength bigint NOT NULL DEFAULT 0,
    groupid     integer NOT NULL);

CREATE TABLE citus.pg_dist_local_group (groupid integer PRIMARY KEY);
INSERT INTO citus.pg_dist_local_group VALUES (1);

ALTER TABLE citus.pg_dist_partition SET SCHEMA pg_catalog;
ALTER TABLE citus.pg_dist_shard SET SCHEMA pg_catalog;
ALTER TABLE citus.pg_dist_placement SET SCHEMA pg_catalog;
ALTER TABLE citus.pg_dist_local_group SET SCHEMA pg_catalog;
GRANT SELECT ON pg_catalog.pg_dist_partition, pg_catalog.pg_dist_shard, pg_catalog.pg_dist_placement,
    pg_catalog.pg_dist_local_group TO PUBLIC;

-- Redaction policies: which PII is looked for, and what happens to it. payments@1 is built in and has no row.

CREATE TABLE gpsync.policy (
    policy text COLLATE "C" PRIMARY KEY,
    rules  jsonb NOT NULL
);
COMMENT ON TABLE gpsync.policy IS
    'Redaction policies, name@version, made by define_policy(); rows never change. The built-in payments@1 is not '
    'among them';
SELECT pg_catalog.pg_extension_config_dump('gpsync.policy', '');

CREATE FUNCTION gpsync_internal.policy_changed() RETURNS trigger
    LANGUAGE c AS 'MODULE_PATHNAME', 'gpsync_policy_changed';
COMMENT ON FUNCTION gpsync_internal.policy_changed() IS
    'Makes every session load the policies again once this transaction commits';

CREATE FUNCTION gpsync_internal.refuse_policy_change() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    RAISE object_not_in_prerequisite_state USING MESSAGE = 'a policy never changes once it is defined',
        HINT = 'Define a new version of it with gpsync.define_policy().';
END $$;
COMMENT ON FUNCTION gpsync_internal.refuse_policy_change() IS
    'Keeps the rows of gpsync.policy as they are: what was stored under a policy must stay explainable by it';

CREATE TRIGGER policy_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON gpsync.policy
    FOR EACH STATEMENT EXECUTE FUNCTION gpsync_internal.policy_changed();
CREATE TRIGGER refuse_policy_change BEFORE UPDATE OR DELETE OR TRUNCATE ON gpsync.policy
    FOR EACH STATEMENT EXECUTE FUNCTION gpsync_internal.refuse_policy_change();
-- Also where a restore or a subscription writes it.
ALTER TABLE gpsync.policy ENABLE ALWAYS TRIGGER policy_changed;

CREATE FUNCTION gpsync_internal.check_policy(policy text, rules jsonb) RETURNS void
    LANGUAGE c STABLE STRICT AS 'MODULE_PATHNAME', 'gpsync_check_policy';
COMMENT ON FUNCTION gpsync_internal.check_policy(text, jsonb) IS
    'Checks the name and the rules of a policy. Errors: 22023 what is wrong, 42704 an unknown name in it, each with '
    'the place in the DETAIL';

CREATE FUNCTION gpsync_internal.require_policy(policy text) RETURNS void
    LANGUAGE c STABLE STRICT AS 'MODULE_PATHNAME', 'gpsync_require_policy';
COMMENT ON FUNCTION gpsync_internal.require_policy(text) IS
    'Errors: 42704 no such policy, the nearest name in the HINT';

CREATE FUNCTION gpsync.define_policy(policy text, rules jsonb) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    IF policy IS NULL OR rules IS NULL THEN
        RAISE null_value_not_allowed USING MESSAGE = 'policy and rules cannot be NULL';
    END IF;
    IF policy = 'payments@1' THEN
        RAISE reserved_name USING MESSAGE = format('policy "%s" is built in', policy),
            HINT = 'Define one of your own; without "extends" it begins with what this one does.';
    END IF;
    PERFORM gpsync_internal.check_policy(policy, rules);
    INSERT INTO gpsync.policy AS p (policy, rules) VALUES (define_policy.policy, define_policy.rules)
        ON CONFLICT ON CONSTRAINT policy_pkey DO NOTHING;
    IF FOUND THEN
        RETURN;
    ELSIF EXISTS (SELECT FROM gpsync.policy AS p WHERE p.policy = define_policy.policy
        AND p.rules = define_policy.rules) THEN
        RAISE NOTICE 'policy "%" is defined like this already', policy;
    ELSE
        RAISE duplicate_object USING MESSAGE = format('policy "%s" already exists, with other rules', policy),
            HINT = 'A policy never changes once it is defined; define a new version of it.';
    END IF;
END $$;
COMMENT ON FUNCTION gpsync.define_policy(text, jsonb) IS
    'Defines a policy name@version: an array of rules, or {"extends": "payments@1" or null, "rules": [...], '
    '"token_bins": [...], "limits": {...}} (docs/pii.md). Defining it once more with the same rules does nothing. '
    'Errors: 42710 it exists with other rules; 42939 it is built in; 22023 and 42704 what is wrong with it, with its '
    'place in the DETAIL';

REVOKE ALL ON FUNCTION gpsync_internal.policy_changed(), gpsync_internal.refuse_policy_change(),
    gpsync_internal.check_policy(text, jsonb),
    gpsync_internal.require_policy(text), gpsync.define_policy(text, jsonb) FROM PUBLIC;

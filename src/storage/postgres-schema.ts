/**
 * The table and the functions of one schema. A commit is one call of a function: one round trip and one transaction.
 *
 * Commits and takes of one key wait for the key's advisory lock, which exists even for a key without an entry. They all
 * take their locks in one order, so that no two wait for each other. Each statement of a function sees everything that
 * was committed before it began. Therefore a function reads current data after it has its locks.
 *
 * @param schema the name of the schema, quoted.
 */
export function schemaSql(schema: string): string {
	return `
		CREATE SEQUENCE ${schema}.versions;

		CREATE TABLE ${schema}.entries (
			key text COLLATE "C" PRIMARY KEY,
			value text NOT NULL,
			version bigint NOT NULL DEFAULT nextval('${schema}.versions'),
			expires_at double precision
		);
		CREATE INDEX entries_by_expiry ON ${schema}.entries (expires_at) WHERE expires_at IS NOT NULL;

		CREATE FUNCTION ${schema}.lock_keys(keys text[]) RETURNS void LANGUAGE plpgsql AS $$
		DECLARE
			id bigint;
		BEGIN
			-- Each lock takes memory of the server. For many keys it is cheaper to lock the table.
			IF cardinality(keys) > 500 THEN
				LOCK TABLE ${schema}.entries IN SHARE ROW EXCLUSIVE MODE;
				RETURN;
			END IF;
			LOCK TABLE ${schema}.entries IN ROW EXCLUSIVE MODE;
			FOR id IN
				SELECT DISTINCT hashtextextended(key COLLATE "C", '${schema}.entries'::regclass::oid::bigint) AS id
				FROM unnest(keys) AS key ORDER BY id
			LOOP
				PERFORM pg_advisory_xact_lock(id);
			END LOOP;
		END $$;

		CREATE FUNCTION ${schema}.commit_entries(
			check_keys text[], check_versions text[],
			delete_keys text[],
			set_keys text[], set_values text[], set_expiries double precision[],
			at double precision
		) RETURNS boolean LANGUAGE plpgsql AS $$
		BEGIN
			PERFORM ${schema}.lock_keys(check_keys || delete_keys || set_keys);
			IF EXISTS (
				SELECT FROM unnest(check_keys, check_versions) AS expected (key, version)
				WHERE expected.version IS DISTINCT FROM (
					SELECT entries.version::text FROM ${schema}.entries
					WHERE entries.key = expected.key AND (expires_at IS NULL OR expires_at > at)
				)
			) THEN
				RETURN false;
			END IF;
			DELETE FROM ${schema}.entries WHERE key = ANY (delete_keys);
			INSERT INTO ${schema}.entries (key, value, expires_at)
			SELECT * FROM unnest(set_keys, set_values, set_expiries)
			ON CONFLICT (key) DO UPDATE SET
				value = excluded.value, version = excluded.version, expires_at = excluded.expires_at;
			RETURN true;
		END $$;

		CREATE FUNCTION ${schema}.take_entry(taken text, at double precision)
		RETURNS TABLE (key text, value text, version bigint) LANGUAGE plpgsql AS $$
		#variable_conflict use_column
		BEGIN
			PERFORM ${schema}.lock_keys(ARRAY[taken]);
			RETURN QUERY
				DELETE FROM ${schema}.entries
				WHERE key = taken AND (expires_at IS NULL OR expires_at > at)
				RETURNING key, value, version;
		END $$;
	`;
}

-- Every kind of object and every attribute that PostgreSQL 13 has. The files of later majors are loaded after this one.

-- Roles.
SELECT 'CREATE ROLE ' || role FROM unnest(ARRAY['sink_owner', 'sink_reader', 'sink_replica', 'sink_member']) role
WHERE to_regrole(role) IS NULL
\gexec
ALTER ROLE sink_owner LOGIN CREATEDB CREATEROLE CONNECTION LIMIT 5 VALID UNTIL '2040-01-01 00:00:00+00';
ALTER ROLE sink_reader NOINHERIT;
ALTER ROLE sink_replica REPLICATION BYPASSRLS;
GRANT sink_reader TO sink_owner WITH ADMIN OPTION;
GRANT sink_reader TO sink_replica;
ALTER ROLE sink_reader SET statement_timeout = '30s';
COMMENT ON ROLE sink_reader IS 'reads';

-- Extensions, in a schema of their own and in public.
CREATE SCHEMA ext;
CREATE EXTENSION hstore SCHEMA ext;
CREATE EXTENSION btree_gist;
COMMENT ON EXTENSION hstore IS 'keys and values';
GRANT EXECUTE ON FUNCTION ext.hstore(text, text) TO sink_reader;

-- Types.
CREATE SCHEMA types AUTHORIZATION sink_owner;
COMMENT ON SCHEMA types IS 'types of all sorts';
GRANT USAGE ON SCHEMA types TO sink_reader WITH GRANT OPTION;
CREATE COLLATION types.german (PROVIDER = icu, LOCALE = 'de-u-co-phonebk', DETERMINISTIC = false);
CREATE COLLATION types.plain (LC_COLLATE = 'C', LC_CTYPE = 'POSIX');
CREATE TYPE types.state AS ENUM ('new', 'in progress', 'it''s');
COMMENT ON TYPE types.state IS 'how it stands';
GRANT USAGE ON TYPE types.state TO sink_reader;
REVOKE USAGE ON TYPE types.state FROM PUBLIC;
CREATE DOMAIN types.email AS character varying(100) COLLATE "C" DEFAULT 'x@y' NOT NULL
    CONSTRAINT shape CHECK (VALUE ~ '@') CHECK (length(VALUE) > 2);
ALTER DOMAIN types.email ADD CONSTRAINT later CHECK (VALUE <> 'z') NOT VALID;
COMMENT ON CONSTRAINT shape ON DOMAIN types.email IS 'one @';
CREATE TYPE types.pair AS (a integer, "B b" text COLLATE "C", s types.state[]);
COMMENT ON COLUMN types.pair."B b" IS 'second';
CREATE TYPE types.nothing AS ();
CREATE DOMAIN types.pairs AS types.pair;
CREATE FUNCTION types.diff(a double precision, b double precision) RETURNS double precision LANGUAGE sql IMMUTABLE AS 'SELECT a - b';
CREATE TYPE types.float_range AS RANGE (SUBTYPE = float8, SUBTYPE_DIFF = types.diff);
CREATE TYPE types.words AS RANGE (SUBTYPE = text, COLLATION = "C", SUBTYPE_OPCLASS = pg_catalog.text_pattern_ops);
CREATE TYPE types.canon;
CREATE FUNCTION types.canonical(types.canon) RETURNS types.canon LANGUAGE internal IMMUTABLE STRICT AS 'int4range_canonical';
CREATE TYPE types.canon AS RANGE (SUBTYPE = integer, CANONICAL = types.canonical);
CREATE TYPE types.shell;
CREATE TYPE types.num;
CREATE FUNCTION types.num_in(cstring) RETURNS types.num LANGUAGE internal IMMUTABLE STRICT AS 'int4in';
CREATE FUNCTION types.num_out(types.num) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'int4out';
CREATE FUNCTION types.num_recv(internal) RETURNS types.num LANGUAGE internal IMMUTABLE STRICT AS 'int4recv';
CREATE FUNCTION types.num_send(types.num) RETURNS bytea LANGUAGE internal IMMUTABLE STRICT AS 'int4send';
CREATE TYPE types.num (INPUT = types.num_in, OUTPUT = types.num_out, RECEIVE = types.num_recv, SEND = types.num_send,
    INTERNALLENGTH = 4, PASSEDBYVALUE, ALIGNMENT = int4, CATEGORY = 'N', PREFERRED = true, DEFAULT = '7', DELIMITER = ';');
COMMENT ON TYPE types.num IS 'a number';
CREATE TYPE types.code;
CREATE FUNCTION types.code_in(cstring, oid, integer) RETURNS types.code LANGUAGE internal IMMUTABLE STRICT AS 'varcharin';
CREATE FUNCTION types.code_out(types.code) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'varcharout';
CREATE TYPE types.code (INPUT = types.code_in, OUTPUT = types.code_out, TYPMOD_IN = varchartypmodin, TYPMOD_OUT = varchartypmodout,
    ANALYZE = pg_catalog.ts_typanalyze, STORAGE = extended, COLLATABLE = true);

-- Routines.
CREATE SCHEMA code;
GRANT ALL ON SCHEMA code TO sink_owner;
CREATE FUNCTION code.add(a integer, b integer DEFAULT 1 + 1) RETURNS integer
    LANGUAGE sql IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE COST 5 AS 'SELECT a + b';
CREATE FUNCTION code.rows(OUT x integer, OUT y types.state) RETURNS SETOF record
    LANGUAGE plpgsql STABLE PARALLEL RESTRICTED ROWS 7 AS 'BEGIN RETURN; END';
CREATE FUNCTION code.tab(VARIADIC names text[]) RETURNS TABLE(n text, "Odd one" timestamp with time zone)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = code, pg_temp SET work_mem = '8MB' AS $$
BEGIN
	RETURN QUERY SELECT 'a$b', now(); -- tab and '' and \
END $$;
CREATE FUNCTION code.touch() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RETURN NEW; END$$;
ALTER FUNCTION code.touch() DEPENDS ON EXTENSION hstore;
CREATE FUNCTION code.touch(s types.state) RETURNS types.state LANGUAGE sql AS 'SELECT s';
CREATE FUNCTION code.crlf() RETURNS text LANGUAGE sql AS E'\r\nSELECT ''x''\r\n';
CREATE FUNCTION code.win() RETURNS bigint LANGUAGE internal WINDOW AS 'window_row_number';
CREATE FUNCTION code.supported(text, text) RETURNS boolean LANGUAGE internal IMMUTABLE STRICT SUPPORT pg_catalog.textlike_support AS 'textlike';
CREATE FUNCTION code.linked() RETURNS trigger LANGUAGE c AS '$libdir/tcn', 'triggered_change_notification';
CREATE PROCEDURE code.plain(a text) LANGUAGE plpgsql SECURITY DEFINER SET lock_timeout = '1s' AS 'BEGIN NULL; END';
COMMENT ON FUNCTION code.touch(types.state) IS 'the other';
COMMENT ON PROCEDURE code.plain(text) IS 'plain';
REVOKE EXECUTE ON FUNCTION code.add(integer, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION code.add(integer, integer) TO sink_reader;
ALTER FUNCTION code.touch() OWNER TO sink_owner;
CREATE FUNCTION code.step(integer[], integer) RETURNS integer[] LANGUAGE sql IMMUTABLE AS 'SELECT $1 || $2';
CREATE FUNCTION code.unstep(integer[], integer) RETURNS integer[] LANGUAGE sql IMMUTABLE AS 'SELECT $1';
CREATE FUNCTION code.fin(integer[]) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT 1';
CREATE AGGREGATE code.last(integer) (SFUNC = code.step, STYPE = integer[], FINALFUNC = code.fin, FINALFUNC_MODIFY = shareable, INITCOND = '{}',
    MSFUNC = code.step, MINVFUNC = code.unstep, MSTYPE = integer[], MSSPACE = 64, MINITCOND = '{}', MFINALFUNC = code.fin, MFINALFUNC_MODIFY = read_write,
    PARALLEL = safe, SSPACE = 100);
CREATE AGGREGATE code.big(integer) (SFUNC = int4larger, STYPE = integer, SORTOP = >, COMBINEFUNC = int4larger);
CREATE FUNCTION code.fin_extra(integer[], integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT 1';
CREATE AGGREGATE code.extra(integer) (SFUNC = code.step, STYPE = integer[], FINALFUNC = code.fin_extra, FINALFUNC_EXTRA,
    MSFUNC = code.step, MINVFUNC = code.unstep, MSTYPE = integer[], MFINALFUNC = code.fin_extra, MFINALFUNC_EXTRA);
CREATE AGGREGATE code.all_rows(*) (SFUNC = int8inc, STYPE = bigint, INITCOND = '0');
CREATE AGGREGATE code.mean(numeric) (SFUNC = numeric_avg_accum, STYPE = internal, FINALFUNC = numeric_avg, COMBINEFUNC = numeric_avg_combine,
    SERIALFUNC = numeric_avg_serialize, DESERIALFUNC = numeric_avg_deserialize, PARALLEL = restricted);
CREATE AGGREGATE code.p(double precision ORDER BY double precision) (SFUNC = ordered_set_transition, STYPE = internal,
    FINALFUNC = percentile_disc_final, FINALFUNC_EXTRA);
CREATE AGGREGATE code.rank_of(VARIADIC "any" ORDER BY VARIADIC "any") (SFUNC = ordered_set_transition_multi, STYPE = internal,
    FINALFUNC = rank_final, FINALFUNC_EXTRA, HYPOTHETICAL);
COMMENT ON AGGREGATE code.last(integer) IS 'the last one';

-- Operators and what is made of them.
CREATE SCHEMA op;
CREATE FUNCTION op.eq(integer, bigint) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT $1::bigint = $2';
CREATE FUNCTION op.eq2(bigint, integer) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT $1 = $2::bigint';
CREATE FUNCTION op.ne(integer, bigint) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT $1::bigint <> $2';
CREATE OPERATOR op.=== (LEFTARG = integer, RIGHTARG = bigint, FUNCTION = op.eq, COMMUTATOR = OPERATOR(op.====),
    NEGATOR = OPERATOR(op.!==), RESTRICT = eqsel, JOIN = eqjoinsel, HASHES, MERGES);
CREATE OPERATOR op.==== (LEFTARG = bigint, RIGHTARG = integer, FUNCTION = op.eq2, COMMUTATOR = OPERATOR(op.===));
CREATE OPERATOR op.!== (LEFTARG = integer, RIGHTARG = bigint, FUNCTION = op.ne, NEGATOR = OPERATOR(op.===));
CREATE OPERATOR op.<=>< (LEFTARG = integer, RIGHTARG = bigint, FUNCTION = op.ne, COMMUTATOR = OPERATOR(op.><=>));
CREATE OPERATOR op.!! (RIGHTARG = integer, FUNCTION = int4abs);
COMMENT ON OPERATOR op.!! (NONE, integer) IS 'abs';
CREATE OPERATOR FAMILY op.fam USING btree;
CREATE OPERATOR CLASS op.rev FOR TYPE integer USING btree FAMILY op.fam AS
    OPERATOR 1 >, OPERATOR 2 >=, OPERATOR 3 =, OPERATOR 4 <=, OPERATOR 5 <, FUNCTION 1 btint4cmp(integer, integer);
ALTER OPERATOR FAMILY op.fam USING btree ADD OPERATOR 3 op.=== (integer, bigint), FUNCTION 1 (integer, bigint) btint48cmp(integer, bigint);
CREATE OPERATOR CLASS op.near DEFAULT FOR TYPE types.num USING gist AS
    FUNCTION 1 gbt_int4_consistent(internal, integer, smallint, oid, internal),
    FUNCTION 2 gbt_int4_union(internal, internal), FUNCTION 3 gbt_int4_compress(internal), FUNCTION 5 gbt_int4_penalty(internal, internal, internal),
    FUNCTION 6 gbt_int4_picksplit(internal, internal), FUNCTION 7 gbt_int4_same(gbtreekey8, gbtreekey8, internal), STORAGE gbtreekey8;
COMMENT ON OPERATOR CLASS op.rev USING btree IS 'backwards';
COMMENT ON OPERATOR FAMILY op.fam USING btree IS 'a family';
CREATE TYPE op.money AS (amount numeric);
CREATE FUNCTION op.to_money(numeric) RETURNS op.money LANGUAGE sql IMMUTABLE AS 'SELECT ROW($1)::op.money';
CREATE CAST (numeric AS op.money) WITH FUNCTION op.to_money(numeric) AS ASSIGNMENT;
CREATE CAST (op.money AS bytea) WITH INOUT;
CREATE CAST (types.num AS integer) WITHOUT FUNCTION AS IMPLICIT;
COMMENT ON CAST (op.money AS bytea) IS 'by text';
CREATE DEFAULT CONVERSION op.conv FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8;
CREATE ACCESS METHOD heap2 TYPE TABLE HANDLER heap_tableam_handler;
CREATE TRUSTED LANGUAGE own HANDLER plpgsql_call_handler INLINE plpgsql_inline_handler VALIDATOR plpgsql_validator;
GRANT USAGE ON LANGUAGE own TO sink_reader;
CREATE FUNCTION op.from_sql(internal) RETURNS internal LANGUAGE internal IMMUTABLE STRICT AS 'byteain';
CREATE FUNCTION op.to_sql(internal) RETURNS op.money LANGUAGE internal IMMUTABLE STRICT AS 'byteain';
CREATE TRANSFORM FOR op.money LANGUAGE own (FROM SQL WITH FUNCTION op.from_sql(internal), TO SQL WITH FUNCTION op.to_sql(internal));
CREATE PROCEDURE op.transforming(op.money) TRANSFORM FOR TYPE op.money LANGUAGE own AS 'BEGIN NULL; END';
CREATE FUNCTION op.transformed(op.money) RETURNS integer TRANSFORM FOR TYPE op.money LANGUAGE own AS 'BEGIN RETURN 1; END';

-- Text search.
CREATE SCHEMA search;
CREATE TEXT SEARCH PARSER search.prs (START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end, LEXTYPES = prsd_lextype, HEADLINE = prsd_headline);
CREATE TEXT SEARCH TEMPLATE search.tmpl (INIT = dsimple_init, LEXIZE = dsimple_lexize);
CREATE TEXT SEARCH DICTIONARY search.dict (TEMPLATE = snowball, language = 'english', StopWords = 'english');
CREATE TEXT SEARCH CONFIGURATION search.conf (PARSER = search.prs);
ALTER TEXT SEARCH CONFIGURATION search.conf ADD MAPPING FOR asciiword, word WITH search.dict, simple;
ALTER TEXT SEARCH CONFIGURATION search.conf ADD MAPPING FOR email WITH simple;
COMMENT ON TEXT SEARCH CONFIGURATION search.conf IS 'ours';

-- Tables and their parts.
CREATE SCHEMA app;
ALTER DEFAULT PRIVILEGES IN SCHEMA app GRANT SELECT ON TABLES TO sink_reader;
ALTER DEFAULT PRIVILEGES IN SCHEMA op GRANT USAGE ON TYPES TO sink_owner WITH GRANT OPTION;
ALTER DEFAULT PRIVILEGES FOR ROLE sink_owner REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
CREATE SEQUENCE app.counter AS integer START 10 INCREMENT 5 MINVALUE 5 MAXVALUE 5000 CACHE 3 CYCLE;
GRANT USAGE ON SEQUENCE app.counter TO sink_reader;
CREATE TABLE app.plain (
    id serial PRIMARY KEY,
    big bigserial,
    code text UNIQUE,
    "Odd name" varchar(20) DEFAULT 'a''b' NOT NULL,
    price numeric(5,2) CHECK (price > 0),
    low int, high int, CHECK (low < high),
    CONSTRAINT named_check CHECK (code <> '') NO INHERIT,
    label text COLLATE "C" GENERATED ALWAYS AS (lower(code)) STORED,
    seq bigint GENERATED BY DEFAULT AS IDENTITY (START 5 INCREMENT 2),
    seq2 int GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME app.other_name),
    mail types.email,
    r types.float_range DEFAULT types.float_range(1, 2),
    UNIQUE (low, high) INCLUDE (price) DEFERRABLE INITIALLY DEFERRED
) WITH (fillfactor=70, autovacuum_enabled=false, toast.autovacuum_enabled=false);
ALTER TABLE app.plain ALTER code SET STORAGE external, ALTER code SET STATISTICS 300, ALTER low SET (n_distinct = -0.5);
COMMENT ON TABLE app.plain IS 'a table';
COMMENT ON COLUMN app.plain.code IS 'a code';
COMMENT ON CONSTRAINT plain_pkey ON app.plain IS 'the key';
COMMENT ON INDEX app.plain_pkey IS 'the index of the key';
GRANT INSERT, UPDATE ON app.plain TO sink_owner WITH GRANT OPTION;
GRANT SELECT (code, price), UPDATE (code) ON app.plain TO sink_replica;
GRANT USAGE ON SCHEMA app TO sink_owner;
SET ROLE sink_owner;
GRANT INSERT ON app.plain TO sink_reader;
RESET ROLE;
ALTER SEQUENCE app.counter OWNED BY app.plain.low;
CREATE TABLE app.child (
    plain_id int REFERENCES app.plain ON DELETE CASCADE,
    code text REFERENCES app.plain (code) MATCH FULL ON UPDATE SET NULL DEFERRABLE,
    other int
);
ALTER TABLE app.child OWNER TO sink_owner;
ALTER TABLE app.child ADD FOREIGN KEY (other) REFERENCES app.plain NOT VALID;
ALTER TABLE app.child ADD CONSTRAINT positive CHECK (other > 0) NOT VALID;
CREATE INDEX ON app.child (other);
CREATE INDEX ON app.child (lower(code) text_pattern_ops DESC, other NULLS FIRST) INCLUDE (plain_id) WITH (fillfactor=50) WHERE other > 0 AND code <> 'x';
CREATE INDEX ON app.child ((code || 'x'), (other + 1));
ALTER INDEX app.child_expr_expr1_idx ALTER COLUMN 1 SET STATISTICS 200;
CREATE UNIQUE INDEX odd ON app.child USING btree (code COLLATE "C", other DESC NULLS LAST);
CREATE INDEX ON app.child USING gin (to_tsvector('english', code)) WITH (fastupdate=off);
CREATE INDEX by_hstore ON app.child USING gist ((ext.hstore(code, code)) ext.gist_hstore_ops (siglen = 32));
CREATE INDEX backwards ON app.child (plain_id op.rev);
ALTER TABLE app.child CLUSTER ON odd;
CREATE UNLOGGED TABLE app.notes (a int NOT NULL, b text);
CREATE UNIQUE INDEX notes_a ON app.notes (a);
ALTER TABLE app.notes REPLICA IDENTITY USING INDEX notes_a;
CREATE TABLE app.full_identity (a int) USING heap2;
ALTER TABLE app.full_identity REPLICA IDENTITY FULL;
CREATE TABLE app.periods (id int, during tstzrange, note text, EXCLUDE USING gist (during WITH &&, id WITH =) INCLUDE (note) WHERE (id > 0),
    CONSTRAINT other_one EXCLUDE USING btree ((id + 1) WITH =) WITH (fillfactor = 60) DEFERRABLE);
CREATE STATISTICS app.s1 (ndistinct, mcv) ON low, high FROM app.plain;
CREATE STATISTICS types.elsewhere (dependencies) ON id, low FROM app.plain;
CREATE STATISTICS app.plain_low_high_stat ON low, high FROM app.plain;
ALTER STATISTICS app.s1 SET STATISTICS 100;
COMMENT ON STATISTICS app.s1 IS 'both';
CREATE TABLE app.nothing ();
CREATE TABLE app.keys (
    a integer,
    b integer,
    c integer,
    PRIMARY KEY (a) INCLUDE (c) WITH (fillfactor = 70) DEFERRABLE,
    UNIQUE (b) WITH (fillfactor = 80)
);
CREATE TABLE app.typed OF types.pair (PRIMARY KEY (a), "B b" WITH OPTIONS NOT NULL DEFAULT 'b');
CREATE VIEW app.v WITH (security_barrier) AS SELECT id, code AS "the code" FROM app.plain WHERE id > 1 WITH LOCAL CHECK OPTION;
ALTER VIEW app.v ALTER "the code" SET DEFAULT 'x';
COMMENT ON COLUMN app.v.id IS 'the id';
CREATE VIEW app.w AS SELECT * FROM app.v;
CREATE MATERIALIZED VIEW app.mv USING heap2 WITH (fillfactor = 80) AS SELECT id, "the code" AS code FROM app.w WITH NO DATA;
CREATE UNIQUE INDEX ON app.mv (id);
ALTER MATERIALIZED VIEW app.mv ALTER code SET STATISTICS 50, ALTER code SET STORAGE main, CLUSTER ON mv_id_idx;
CREATE MATERIALIZED VIEW app.mv2 AS SELECT count(*) AS n FROM app.plain;
CREATE RULE no_delete AS ON DELETE TO app.plain WHERE old.id > 10 DO INSTEAD NOTHING;
CREATE RULE more AS ON INSERT TO app.notes DO ALSO (INSERT INTO app.full_identity VALUES (new.a); NOTIFY x);
CREATE RULE one AS ON UPDATE TO app.notes DO INSTEAD DELETE FROM app.notes WHERE a = new.a;
ALTER TABLE app.notes DISABLE RULE one;
COMMENT ON RULE one ON app.notes IS 'a rule';
ALTER TABLE app.notes ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY p ON app.notes AS RESTRICTIVE FOR UPDATE TO sink_owner, sink_reader USING (a > 0 OR b = 'x') WITH CHECK (a > 1);
CREATE POLICY q ON app.notes FOR INSERT WITH CHECK (true);
CREATE POLICY off ON app.child USING (other IS NULL);
COMMENT ON POLICY p ON app.notes IS 'a policy';
CREATE TRIGGER a BEFORE INSERT OR UPDATE OF id, code ON app.plain FOR EACH ROW
    WHEN (NEW.id > 0) EXECUTE FUNCTION code.touch('x', 'it''s \ ü', '');
CREATE TRIGGER b AFTER UPDATE ON app.plain REFERENCING OLD TABLE AS o NEW TABLE AS n FOR EACH STATEMENT EXECUTE FUNCTION code.touch();
CREATE CONSTRAINT TRIGGER c AFTER INSERT ON app.plain FROM app.child DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION code.touch();
CREATE TRIGGER d AFTER TRUNCATE ON app.plain FOR EACH STATEMENT EXECUTE FUNCTION code.touch();
CREATE TRIGGER ins INSTEAD OF INSERT ON app.v FOR EACH ROW EXECUTE FUNCTION code.touch();
ALTER TABLE app.plain ENABLE ALWAYS TRIGGER a, DISABLE TRIGGER b;
ALTER TABLE app.plain ENABLE REPLICA TRIGGER c;
COMMENT ON TRIGGER a ON app.plain IS 'first';

-- Families of tables.
CREATE SCHEMA parts;
CREATE TABLE parts.base (a int NOT NULL, b text DEFAULT 'x', c numeric CHECK (c > 0));
ALTER TABLE parts.base ALTER b SET STORAGE external;
CREATE TABLE parts.second (d int DEFAULT 3);
CREATE TABLE parts.kid (e int) INHERITS (parts.second, parts.base);
ALTER TABLE parts.kid ALTER b SET DEFAULT 'y', ALTER d DROP DEFAULT, ALTER d SET NOT NULL, ALTER c SET STATISTICS 10;
CREATE TABLE parts.grandkid () INHERITS (parts.kid);
CREATE TABLE parts.measure (id int NOT NULL, at date NOT NULL, city text DEFAULT 'here', value numeric CHECK (value > 0), PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
CREATE INDEX ON parts.measure (city);
CREATE INDEX by_lower ON parts.measure (lower(city));
CREATE TABLE parts.measure_1 PARTITION OF parts.measure FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
CREATE TABLE parts.measure_2 PARTITION OF parts.measure (city DEFAULT 'there') FOR VALUES FROM ('2021-01-01') TO (MAXVALUE) PARTITION BY LIST (id);
CREATE TABLE app.measure_2_a PARTITION OF parts.measure_2 FOR VALUES IN (1, 2);
CREATE TABLE parts.measure_2_rest PARTITION OF parts.measure_2 DEFAULT PARTITION BY HASH (id);
CREATE TABLE parts.measure_2_rest_0 PARTITION OF parts.measure_2_rest FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE parts.loose (value numeric, city text, at date NOT NULL, id int NOT NULL, CONSTRAINT measure_value_check CHECK (value > 0), CONSTRAINT odd_key PRIMARY KEY (id, at));
CREATE INDEX loose_own ON parts.loose (value);
CREATE INDEX loose_city ON parts.loose (city);
ALTER TABLE parts.measure ATTACH PARTITION parts.loose FOR VALUES FROM ('2010-01-01') TO ('2020-01-01');
ALTER INDEX parts.measure_1_city_idx RENAME TO first_city;
CREATE INDEX only_here ON parts.measure_1 (value);
CREATE TABLE parts.other (id int, at date, FOREIGN KEY (id, at) REFERENCES parts.measure);
CREATE TABLE parts.expr_key (a int, b text) PARTITION BY RANGE ((a + 1), b COLLATE "C" text_pattern_ops);
CREATE TABLE parts.expr_key_1 PARTITION OF parts.expr_key FOR VALUES FROM (1, MINVALUE) TO (2, 'x');

CREATE TRIGGER told AFTER INSERT ON parts.measure FOR EACH ROW EXECUTE FUNCTION code.touch();
ALTER TABLE parts.measure_1 DISABLE TRIGGER told;

-- Foreign data.
CREATE FOREIGN DATA WRAPPER checked_fdw VALIDATOR postgresql_fdw_validator;
CREATE FOREIGN DATA WRAPPER own_fdw OPTIONS (dbname 'x');
CREATE EXTENSION file_fdw SCHEMA ext;
CREATE FOREIGN DATA WRAPPER files HANDLER ext.file_fdw_handler VALIDATOR ext.file_fdw_validator;
CREATE SERVER films TYPE 'pg' VERSION '15' FOREIGN DATA WRAPPER own_fdw OPTIONS (host 'films.internal');
GRANT USAGE ON FOREIGN DATA WRAPPER own_fdw TO sink_owner;
GRANT USAGE ON FOREIGN SERVER films TO sink_reader;
CREATE USER MAPPING FOR PUBLIC SERVER films OPTIONS (user 'reader');
CREATE USER MAPPING FOR sink_reader SERVER films OPTIONS (user 'sink', password 'it''s');
CREATE FOREIGN TABLE app.film (id integer OPTIONS (column_name 'film_id') NOT NULL, title text, CHECK (id > 0)) SERVER films OPTIONS (table_name 'films');
COMMENT ON SERVER films IS 'far';
COMMENT ON FOREIGN TABLE app.film IS 'there';

-- What belongs to the database.
CREATE PUBLICATION pub FOR TABLE app.plain, app.typed WITH (publish = 'insert, update', publish_via_partition_root = true);
CREATE PUBLICATION pub_all FOR ALL TABLES;
COMMENT ON PUBLICATION pub IS 'out';
CREATE SUBSCRIPTION sub CONNECTION 'host=nowhere' PUBLICATION a, b WITH (connect = false, slot_name = NONE, synchronous_commit = 'local');
CREATE FUNCTION code.ev() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
CREATE EVENT TRIGGER ev ON ddl_command_end WHEN TAG IN ('CREATE TABLE', 'DROP TABLE') EXECUTE FUNCTION code.ev();
ALTER EVENT TRIGGER ev ENABLE ALWAYS;
COMMENT ON EVENT TRIGGER ev IS 'watches';
DO $$BEGIN EXECUTE format('ALTER DATABASE %I SET work_mem TO ''9MB''', current_database()); END$$;

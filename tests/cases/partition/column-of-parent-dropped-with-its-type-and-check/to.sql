CREATE SCHEMA "s3";
CREATE TABLE "public"."t5" (
    "user7" text,
    "c9" date,
    "c11" jsonb,
    "c13" date DEFAULT CURRENT_TIMESTAMP NOT NULL,
    "c57" inet DEFAULT '10.0.0.2'::inet
);
CREATE FUNCTION "public"."f17"(a0 "public"."t5") RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT (a0)."c9"::text';
CREATE TABLE "s3"."it's 19" (
    "c21" smallserial,
    "c29" integer DEFAULT (1 + 1),
    "c49" text
) PARTITION BY HASH ("c21");
ALTER TABLE "s3"."it's 19" ADD UNIQUE ("c21");
CREATE TABLE "s3"."p25" PARTITION OF "s3"."it's 19" FOR VALUES WITH (MODULUS 16, REMAINDER 0);
CREATE SEQUENCE "public"."seq39" CYCLE;
CREATE MATERIALIZED VIEW "public"."mv45" AS SELECT s."c11", s."c9", "public"."f17"(s.*) AS "computed 44" FROM "public"."t5" s WHERE s."c11" @> '{}'::jsonb;
CREATE TABLE "s3"."Upper53" PARTITION OF "s3"."it's 19" FOR VALUES WITH (MODULUS 16, REMAINDER 1);
CREATE DOMAIN "s3"."d55" AS text DEFAULT 'v1'::text CONSTRAINT "d55_ok" CHECK (VALUE <> '');
CREATE TABLE "s3"."119xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" (

);
INSERT INTO "public"."t5" ("user7", "c9", "c11", "c13", "c57") OVERRIDING SYSTEM VALUE VALUES ('v1', '2024-01-01 00:00:00+00', '{"a": 1}', '2024-01-01 00:00:00+00', '10.0.0.1');
INSERT INTO "public"."t5" ("user7", "c9", "c11", "c13", "c57") OVERRIDING SYSTEM VALUE VALUES ('v2', '2024-01-02 00:00:00+00', '{"a": 2}', '2024-01-02 00:00:00+00', '10.0.0.2');
INSERT INTO "s3"."119xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" DEFAULT VALUES;
ALTER TABLE "public"."t5" ALTER COLUMN "c13" SET STATISTICS 200;
ALTER TABLE "s3"."it's 19" ENABLE ROW LEVEL SECURITY;
CREATE STATISTICS "s3"."o31" (dependencies, mcv) ON "c21", "c29" FROM "s3"."it's 19";
CREATE INDEX "i33" ON "s3"."it's 19" USING btree ("c29", "c21");
ALTER TABLE "s3"."it's 19" ALTER COLUMN "c49" SET STATISTICS 200;
ALTER TABLE "s3"."it's 19" ADD CONSTRAINT "fk61" FOREIGN KEY ("c29") REFERENCES "s3"."it's 19" ("c21") MATCH FULL ON DELETE SET DEFAULT;
COMMENT ON TABLE "public"."t5" IS 'Größe $$ %s';
COMMENT ON TABLE "s3"."it's 19" IS 'Größe $$ %s';
REVOKE ALL ON TABLE "s3"."it's 19" FROM PUBLIC;
REVOKE TRUNCATE, DELETE ON TABLE "s3"."it's 19" FROM postgres;
GRANT DELETE, TRIGGER ON TABLE "s3"."it's 19" TO case_writer;
GRANT REFERENCES ("c29") ON TABLE "s3"."it's 19" TO case_reader;
ALTER STATISTICS "s3"."o31" OWNER TO case_writer;
ALTER SEQUENCE "public"."seq39" OWNER TO case_owner;
ALTER DEFAULT PRIVILEGES IN SCHEMA "s3" GRANT EXECUTE ON FUNCTIONS TO case_reader;

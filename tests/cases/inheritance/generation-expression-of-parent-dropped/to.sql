CREATE TABLE "public"."t5" (
    "c7" bigint[],
    "we""ird 9" text DEFAULT 'v2'::text,
    "c11" bytea DEFAULT NULL
) WITH (fillfactor = 70);
CREATE TABLE "public"."--19/*" (
    "c21" text DEFAULT 'v1'::text,
    "c23" bigint,
    "c25" point DEFAULT NULL,
    "Upper27" timestamp(3) with time zone,
    "dot.ted67" text COLLATE "C",
    "c103" double precision DEFAULT NULL,
    "c109" text
) PARTITION BY LIST ("c23");
CREATE TABLE "public"."it's 29" PARTITION OF "public"."--19/*" DEFAULT;
CREATE DOMAIN "public"."d69" AS text DEFAULT 'v1'::text CONSTRAINT "d69_ok" CHECK (length(VALUE) < 100);
INSERT INTO "public"."t5" ("c7", "we""ird 9", "c11") OVERRIDING SYSTEM VALUE VALUES ('{1}', 'v1', '\x01');
INSERT INTO "public"."t5" ("c7", "we""ird 9", "c11") OVERRIDING SYSTEM VALUE VALUES ('{2}', 'v2', '\x02');
DO $do$ BEGIN INSERT INTO "public"."--19/*" ("c21", "c23", "c25", "Upper27", "dot.ted67", "c103", "c109") OVERRIDING SYSTEM VALUE VALUES ('v1', '1', '(1,1)', '2024-01-01 00:00:00+00', 'v1', '1', 'v1'); EXCEPTION WHEN check_violation THEN NULL; END $do$;
DO $do$ BEGIN INSERT INTO "public"."--19/*" ("c21", "c23", "c25", "Upper27", "dot.ted67", "c103", "c109") OVERRIDING SYSTEM VALUE VALUES ('v2', '2', '(2,2)', '2024-01-02 00:00:00+00', 'v2', '2', 'v2'); EXCEPTION WHEN check_violation THEN NULL; END $do$;
COMMENT ON TABLE "public"."t5" IS 'it''s \ "quoted"
-- and; two lines';
GRANT UPDATE, DELETE ON TABLE "public"."t5" TO case_writer;
COMMENT ON TABLE "public"."--19/*" IS 'it''s \ "quoted"
-- and; two lines';

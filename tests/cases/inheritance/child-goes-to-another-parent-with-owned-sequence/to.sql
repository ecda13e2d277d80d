CREATE TABLE "public"."größe_23" (
    "c25" timestamp with time zone DEFAULT now(),
    "c35" smallint
) WITH (fillfactor = 70);
ALTER TABLE "public"."größe_23" ADD PRIMARY KEY ("c25") WITH (fillfactor = 80);
CREATE TABLE "public"."t37" (
    "c39_yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy" timestamp with time zone NOT NULL,
    "c41_yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy" integer,
    "c43" date DEFAULT now()
) WITH (fillfactor = 90, toast_tuple_target = 1000);
ALTER TABLE "public"."t37" ADD CONSTRAINT "u45" PRIMARY KEY ("c39_yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy", "c43");
ALTER TABLE "public"."t37" ADD UNIQUE ("c41_yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy") INCLUDE ("c39_yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy");
CREATE TABLE "public"."t57" (
    "c59" boolean,
    "c61" text COLLATE "C",
    "c63" character varying(20) GENERATED ALWAYS AS (("c61" || '')::character varying(20)) STORED,
    "c65" text GENERATED ALWAYS AS (("c61" || '')::text) STORED
) INHERITS ("public"."größe_23") WITH (fillfactor = 90, toast_tuple_target = 1000);
CREATE MATERIALIZED VIEW "public"."mv69" WITH (fillfactor = 50) AS SELECT s."c63", s."c61" FROM "public"."t57" s UNION ALL SELECT s."c63", s."c61" FROM "public"."t57" s WITH NO DATA;
CREATE DOMAIN "public"."d73" AS text;
CREATE SEQUENCE "public"."seq79" MAXVALUE 30000;
INSERT INTO "public"."größe_23" ("c25", "c35") OVERRIDING SYSTEM VALUE VALUES ('2024-01-01 00:00:00+00', '1');
INSERT INTO "public"."größe_23" ("c25", "c35") OVERRIDING SYSTEM VALUE VALUES ('2024-01-02 00:00:00+00', '2');
INSERT INTO "public"."t37" ("c39_yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy", "c41_yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy", "c43") OVERRIDING SYSTEM VALUE VALUES ('2024-01-01 00:00:00+00', '1', '2024-01-01 00:00:00+00');
INSERT INTO "public"."t37" ("c39_yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy", "c41_yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy", "c43") OVERRIDING SYSTEM VALUE VALUES ('2024-01-02 00:00:00+00', '2', '2024-01-02 00:00:00+00');
INSERT INTO "public"."t57" ("c59", "c61", "c25", "c35") OVERRIDING SYSTEM VALUE VALUES ('true', 'v1', '2024-01-01 00:00:00+00', '1');
INSERT INTO "public"."t57" ("c59", "c61", "c25", "c35") OVERRIDING SYSTEM VALUE VALUES ('false', 'v2', '2024-01-02 00:00:00+00', '2');
ALTER TABLE "public"."größe_23" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "public"."größe_23" FORCE ROW LEVEL SECURITY;
ALTER TABLE "public"."größe_23" ALTER COLUMN "c25" SET (n_distinct = -0.5);
CREATE POLICY "pol51" ON "public"."t37" AS RESTRICTIVE FOR ALL TO PUBLIC USING (("c39_yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy" > '2001-01-01 00:00:00+00'::timestamp with time zone) AND ("c43" > '2000-01-01'::date));
ALTER TABLE "public"."t57" ALTER COLUMN "c63" SET STATISTICS 200;
ALTER SEQUENCE "public"."seq79" OWNED BY "public"."t57"."c63";
ALTER TABLE "public"."größe_23" OWNER TO case_reader;
GRANT UPDATE, REFERENCES ON TABLE "public"."mv69" TO case_reader;

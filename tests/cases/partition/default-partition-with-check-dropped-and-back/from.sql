CREATE TABLE "public"."t5" (
    "c7" jsonb DEFAULT NULL,
    "größe_9" character(12) DEFAULT 'v2'::character(12)
);
ALTER TABLE "public"."t5" ADD PRIMARY KEY ("größe_9", "c7");
CREATE TABLE "public"."t19" (
    "c21" text,
    "Upper23" integer,
    "c31" integer
) PARTITION BY LIST ("Upper23");
ALTER TABLE "public"."t19" ADD CONSTRAINT "u25" PRIMARY KEY ("c21", "Upper23");
CREATE TABLE "public"."ORDER27" PARTITION OF "public"."t19" DEFAULT;
ALTER TABLE "public"."t19" ADD CONSTRAINT "we""ird 29" CHECK (("c21" ~ '^[a-z0-9 ]*$') AND (abs("Upper23") >= 0 AND "Upper23" <> -1)) NOT VALID;
INSERT INTO "public"."t5" ("c7", "größe_9") OVERRIDING SYSTEM VALUE VALUES ('{"a": 1}', 'v1');
INSERT INTO "public"."t5" ("c7", "größe_9") OVERRIDING SYSTEM VALUE VALUES ('{"a": 2}', 'v2');
COMMENT ON TABLE "public"."t5" IS 'plain';

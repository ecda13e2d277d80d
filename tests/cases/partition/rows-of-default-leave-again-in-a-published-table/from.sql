CREATE TABLE "public"."t5" (
    "c7_yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy" integer,
    "c11" integer
);
CREATE TABLE "public"."t21_yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy" (
    "c25" integer,
    "it's 27" uuid,
    "größe_29" text
) PARTITION BY LIST ("c25");
ALTER TABLE "public"."t21_yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy" ADD PRIMARY KEY ("it's 27", "größe_29", "c25") DEFERRABLE;
CREATE TABLE "public"."p33" PARTITION OF "public"."t21_yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy" DEFAULT;
CREATE TABLE "public"."日本35" PARTITION OF "public"."t21_yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy" FOR VALUES IN (10, 12);
INSERT INTO "public"."t5" ("c7_yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy", "c11") OVERRIDING SYSTEM VALUE VALUES ('1', '1');
INSERT INTO "public"."t5" ("c7_yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy", "c11") OVERRIDING SYSTEM VALUE VALUES ('2', '2');
DO $do$ BEGIN INSERT INTO "public"."t21_yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy" ("c25", "it's 27", "größe_29") OVERRIDING SYSTEM VALUE VALUES ('1', '00000000-0000-0000-0000-000000000001', 'v1'); EXCEPTION WHEN check_violation THEN NULL; END $do$;
DO $do$ BEGIN INSERT INTO "public"."t21_yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy" ("c25", "it's 27", "größe_29") OVERRIDING SYSTEM VALUE VALUES ('2', '00000000-0000-0000-0000-000000000002', 'v2'); EXCEPTION WHEN check_violation THEN NULL; END $do$;
CREATE PUBLICATION "o63" FOR TABLE "public"."t5", "public"."t21_yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy";

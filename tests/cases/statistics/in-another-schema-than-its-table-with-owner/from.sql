CREATE SCHEMA "größe_3";
CREATE TABLE "public"."日本5" (
    "c7" uuid,
    "c9" smallint,
    "c11" tsvector DEFAULT NULL
);
ALTER TABLE "public"."日本5" ADD PRIMARY KEY ("c11", "c9");
CREATE VIEW "größe_3"."v51" WITH (check_option = cascaded) AS SELECT s."c9", s."c7" FROM "public"."日本5" s;
CREATE SCHEMA "s53";
INSERT INTO "public"."日本5" ("c7", "c9", "c11") OVERRIDING SYSTEM VALUE VALUES ('00000000-0000-0000-0000-000000000001', '1', 'v1');
INSERT INTO "public"."日本5" ("c7", "c9", "c11") OVERRIDING SYSTEM VALUE VALUES ('00000000-0000-0000-0000-000000000002', '2', 'v2');
ALTER TABLE "public"."日本5" REPLICA IDENTITY FULL;
CREATE STATISTICS "public"."o103" ON "c7", "c11" FROM "public"."日本5";
GRANT SELECT, DELETE, TRIGGER ON TABLE "größe_3"."v51" TO case_reader WITH GRANT OPTION;
ALTER STATISTICS "public"."o103" OWNER TO case_reader;

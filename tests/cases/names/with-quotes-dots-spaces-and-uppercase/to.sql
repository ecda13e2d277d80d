CREATE SCHEMA "My Schema";
CREATE TABLE "My Schema"."Odd.Table ""x""" ("Id" bigint PRIMARY KEY, "a b" text DEFAULT 'q', "c.d" integer CHECK ("c.d" > 0), "e""f" integer, "it's" integer, "back\slash" integer, "$dollar" integer, "{brace}" integer);
CREATE INDEX "An Index" ON "My Schema"."Odd.Table ""x""" (lower("a b")) INCLUDE ("e""f");
CREATE VIEW "My Schema"."V.1" AS SELECT "Id" AS "The ""Id""" FROM "My Schema"."Odd.Table ""x""";
COMMENT ON COLUMN "My Schema"."Odd.Table ""x"""."e""f" IS 'odd';
GRANT SELECT ("a b") ON "My Schema"."Odd.Table ""x""" TO case_reader;

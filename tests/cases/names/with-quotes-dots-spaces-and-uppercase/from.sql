CREATE SCHEMA "My Schema";
CREATE TABLE "My Schema"."Odd.Table ""x""" ("Id" integer);
INSERT INTO "My Schema"."Odd.Table ""x""" VALUES (1);

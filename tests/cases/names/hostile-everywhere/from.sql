CREATE SCHEMA "a.b""c";
CREATE TYPE "a.b""c"."select" AS ENUM ('it''s', 'a,b', '"x"', '');
CREATE DOMAIN "a.b""c"."Dom ain" AS text CONSTRAINT "ch""eck" CHECK (VALUE <> '$$');
CREATE TABLE "a.b""c"."Table of ""things""" ("Id" integer, "column, with (all)" "a.b""c"."select" DEFAULT 'it''s', "from" "a.b""c"."Dom ain"[], CONSTRAINT "p.k" PRIMARY KEY ("Id"));
CREATE INDEX "in dex" ON "a.b""c"."Table of ""things""" (("Id" + 1), "from");
CREATE VIEW "a.b""c"."v i e w" AS SELECT "Id" AS "ID ""x""", "from" FROM "a.b""c"."Table of ""things""";
INSERT INTO "a.b""c"."Table of ""things""" VALUES (1, 'a,b', NULL);

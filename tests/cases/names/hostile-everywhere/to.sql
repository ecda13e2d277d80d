CREATE SCHEMA "a.b""c";
CREATE TYPE "a.b""c"."select" AS ENUM ('it''s', 'a,b', '"x"', '', E'back\\slash', 'new');
CREATE DOMAIN "a.b""c"."Dom ain" AS text CONSTRAINT "ch""eck" CHECK (VALUE <> '$_$');
CREATE TABLE "a.b""c"."Table of ""things""" ("Id" bigint, "column, with (all)" "a.b""c"."select" DEFAULT '"x"', "from" "a.b""c"."Dom ain"[], "new.one" text COLLATE "C", CONSTRAINT "p.k" PRIMARY KEY ("Id"), CONSTRAINT "f.k" FOREIGN KEY ("Id") REFERENCES "a.b""c"."Table of ""things""");
CREATE INDEX "in dex" ON "a.b""c"."Table of ""things""" (("Id" + 2), "from");
CREATE VIEW "a.b""c"."v i e w" AS SELECT "Id" AS "ID ""x""", "from", "new.one" AS "and, this" FROM "a.b""c"."Table of ""things""";
CREATE FUNCTION "a.b""c"."f(x)"("a b" "a.b""c"."select", VARIADIC "c d" text[]) RETURNS "a.b""c"."select" LANGUAGE sql AS 'SELECT $1';
CREATE TRIGGER "tr.ig" BEFORE UPDATE OF "column, with (all)" ON "a.b""c"."Table of ""things""" FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger();
INSERT INTO "a.b""c"."Table of ""things""" VALUES (1, 'a,b', NULL);

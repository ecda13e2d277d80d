ALTER DEFAULT PRIVILEGES IN SCHEMA "public" GRANT ALL ON TABLES TO case_writer;
CREATE TABLE "public"."t385" (
    "401xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" inet
);
INSERT INTO "public"."t385" ("401xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx") OVERRIDING SYSTEM VALUE VALUES ('10.0.0.1');
INSERT INTO "public"."t385" ("401xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx") OVERRIDING SYSTEM VALUE VALUES ('10.0.0.2');
ALTER TABLE "public"."t385" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "public"."t385" FORCE ROW LEVEL SECURITY;
GRANT SELECT ("401xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx") ON TABLE "public"."t385" TO case_writer;

CREATE TABLE "public"."größe_5" (
    "c7" inet
);
ALTER TABLE "public"."größe_5" ADD PRIMARY KEY ("c7");
ALTER TABLE "public"."größe_5" ADD CONSTRAINT "u27" UNIQUE ("c7");
INSERT INTO "public"."größe_5" ("c7") OVERRIDING SYSTEM VALUE VALUES ('10.0.0.1');
INSERT INTO "public"."größe_5" ("c7") OVERRIDING SYSTEM VALUE VALUES ('10.0.0.2');

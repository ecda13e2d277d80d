CREATE SCHEMA "s3";
CREATE TABLE "s3"."t5" (

);
CREATE TABLE "public"."t21" (
    "c23" interval,
    "c25" bigint,
    "c86_yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy" bytea
) PARTITION BY HASH ("c25");
ALTER TABLE "public"."t21" ADD UNIQUE ("c25", "c23");
CREATE TABLE "public"."it's 31" PARTITION OF "public"."t21" FOR VALUES WITH (MODULUS 16, REMAINDER 0);
ALTER TABLE "public"."t21" ADD CONSTRAINT "u73" PRIMARY KEY ("c86_yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy", "c25");
INSERT INTO "s3"."t5" DEFAULT VALUES;
ALTER TABLE "s3"."t5" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "s3"."t5" FORCE ROW LEVEL SECURITY;
CREATE PUBLICATION "o53" FOR TABLE "public"."t21", "s3"."t5";
COMMENT ON SCHEMA "s3" IS 'plain';
COMMENT ON CONSTRAINT "u73" ON "public"."t21" IS 'it''s \ "quoted"
-- and; two lines';

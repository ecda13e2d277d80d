CREATE SCHEMA "s3";
CREATE TABLE "public"."t5" (
    "c7" integer NOT NULL,
    "c9" character(12) DEFAULT lower('V1'),
    "c11" uuid NOT NULL
) PARTITION BY RANGE ("c7");
ALTER TABLE "public"."t5" ADD PRIMARY KEY ("c9", "c7");
CREATE TABLE "public"."p15" PARTITION OF "public"."t5" DEFAULT;
CREATE FUNCTION "public"."Upper35"() RETURNS trigger LANGUAGE plpgsql VOLATILE AS $body$
begin
  -- nothing; to do
  return coalesce(new, old);
end
$body$;
CREATE TRIGGER "tg39" BEFORE UPDATE OF "c11" ON "public"."t5" FOR EACH ROW EXECUTE FUNCTION "public"."Upper35"();
COMMENT ON TABLE "public"."t5" IS 'plain';

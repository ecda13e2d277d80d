CREATE TYPE "public"."ct57" AS ("a0" text);
ALTER TYPE "public"."ct57" OWNER TO case_reader;
GRANT USAGE ON TYPE "public"."ct57" TO case_reader WITH GRANT OPTION;

CREATE TYPE "public"."ct57" AS ("a0" text);
GRANT USAGE ON TYPE "public"."ct57" TO case_reader WITH GRANT OPTION;

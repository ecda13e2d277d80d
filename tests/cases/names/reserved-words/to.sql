CREATE SCHEMA "schema";
CREATE TABLE public."table" ("select" integer, "from" text DEFAULT 'where', "user" integer, "order" integer, "primary" integer, "check" integer CHECK ("check" > 0), "default" boolean, "all" integer REFERENCES public."table" ("user"), UNIQUE ("user"));
CREATE INDEX "index" ON public."table" ("order", "primary");
CREATE TYPE public."type" AS ENUM ('null', 'true');
CREATE FUNCTION public."function"("in" integer, "end" text DEFAULT 'x') RETURNS TABLE ("limit" integer, "group" text) LANGUAGE plpgsql AS 'BEGIN RETURN; END';
CREATE VIEW "schema"."view" AS SELECT "select" AS "as", "from" FROM public."table";

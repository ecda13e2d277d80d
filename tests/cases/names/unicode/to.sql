CREATE TABLE public."größe" ("名前" text NOT NULL DEFAULT '雪', "emoji 🐘" integer);
CREATE TYPE public."тип" AS ENUM ('да', 'нет');
CREATE FUNCTION public."функция"("параметр" integer) RETURNS integer LANGUAGE sql AS 'SELECT $1';

CREATE TABLE public.item (id integer, "ID" bigint, "Id" text);
CREATE TABLE public."Item" (id integer, "ID" integer);
CREATE TABLE public."ITEM" (id integer);

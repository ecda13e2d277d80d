CREATE TABLE public."größe" ("名前" text);
INSERT INTO public."größe" VALUES ('a');

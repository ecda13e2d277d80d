CREATE TABLE public."table" ("select" integer);

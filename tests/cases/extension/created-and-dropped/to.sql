CREATE EXTENSION citext;
CREATE TABLE public.item (name citext PRIMARY KEY);

CREATE TABLE public.cache (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, body text);

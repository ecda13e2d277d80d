CREATE TABLE public.person (id serial PRIMARY KEY, email text UNIQUE, age integer CHECK (age > 0));
CREATE INDEX ON public.person (age);
INSERT INTO public.person (email, age) VALUES ('a', 1), ('b', 2);

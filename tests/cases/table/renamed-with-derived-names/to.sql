CREATE TABLE public.member (id serial PRIMARY KEY, email text UNIQUE, age integer CHECK (age > 0));
CREATE INDEX ON public.member (age);

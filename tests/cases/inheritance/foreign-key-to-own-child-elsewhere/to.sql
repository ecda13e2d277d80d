CREATE SCHEMA app;
CREATE TABLE public."--above" (k text, m text);
CREATE TABLE app.below (c text, CONSTRAINT u PRIMARY KEY (c)) INHERITS (public."--above");
ALTER TABLE public."--above" ADD CONSTRAINT fk FOREIGN KEY (k) REFERENCES app.below (c);
CREATE FUNCTION public.f(n integer) RETURNS SETOF app.below LANGUAGE plpgsql AS $$ begin return query select * from app.below limit n; end $$;

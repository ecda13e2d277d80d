-- Each refers to the other: no order of SET UNLOGGED is allowed while both keys stand.
CREATE TABLE public.lock (name text PRIMARY KEY, token text NOT NULL, UNIQUE (name, token));
CREATE TABLE public.lock_mode (name text PRIMARY KEY, token text, FOREIGN KEY (name, token) REFERENCES public.lock (name, token) DEFERRABLE INITIALLY DEFERRED);
ALTER TABLE public.lock ADD CONSTRAINT lock_name_fkey FOREIGN KEY (name) REFERENCES public.lock_mode (name) NOT DEFERRABLE;
BEGIN;
INSERT INTO public.lock_mode VALUES ('a', 't');
INSERT INTO public.lock VALUES ('a', 't');
COMMIT;

CREATE TABLE public.log (at timestamptz);
CREATE PROCEDURE public.p() LANGUAGE sql BEGIN ATOMIC INSERT INTO public.log VALUES (now()); END;

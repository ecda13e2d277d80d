CREATE TABLE public.log (at timestamptz);
CREATE PROCEDURE public.p() LANGUAGE sql BEGIN ATOMIC DELETE FROM public.log; INSERT INTO public.log VALUES (now()); END;

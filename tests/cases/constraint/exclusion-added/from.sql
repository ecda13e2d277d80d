CREATE TABLE public.booking (room int4range, during tsrange);
INSERT INTO public.booking VALUES ('[1,2)', '[2024-01-01,2024-01-02)');

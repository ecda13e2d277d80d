CREATE SEQUENCE public.thing;

CREATE TYPE public.grade AS ENUM ('low', 'high');
CREATE TYPE public.grades AS RANGE (SUBTYPE = public.grade);
CREATE TABLE public.t (id integer PRIMARY KEY, span public.grades DEFAULT '[low,high]');

CREATE TYPE public.c AS ENUM ('a');

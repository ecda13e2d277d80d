CREATE TYPE public.old_r AS RANGE (SUBTYPE = float8);

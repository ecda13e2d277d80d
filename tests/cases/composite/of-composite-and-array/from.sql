CREATE TYPE public.z AS (n integer);
CREATE TYPE public.a AS (one public.z, many public.z[]);

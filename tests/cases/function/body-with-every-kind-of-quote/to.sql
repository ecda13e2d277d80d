CREATE FUNCTION public.f() RETURNS text LANGUAGE sql AS $_$SELECT $$it's; -- not a comment /* nor this */ \ {schema}$$ || $x$ $y$ $x$ || E'\n\\' || U&'\00e9'$_$;

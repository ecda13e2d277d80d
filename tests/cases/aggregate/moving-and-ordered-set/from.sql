CREATE AGGREGATE public.total(float8) (SFUNC = float8pl, STYPE = float8, INITCOND = '0');

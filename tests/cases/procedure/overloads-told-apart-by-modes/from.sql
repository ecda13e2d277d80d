CREATE PROCEDURE public.p(a integer) LANGUAGE plpgsql AS 'BEGIN NULL; END';

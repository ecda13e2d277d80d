CREATE PROCEDURE public.p(a integer) LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS 'BEGIN RAISE NOTICE ''x''; END';
CREATE PROCEDURE public.q(INOUT a integer, OUT b text) LANGUAGE plpgsql AS 'BEGIN b := a; END';

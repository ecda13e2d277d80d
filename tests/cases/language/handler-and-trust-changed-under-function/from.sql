CREATE LANGUAGE plnew HANDLER plpgsql_call_handler;
CREATE FUNCTION public.f() RETURNS integer LANGUAGE plnew AS 'BEGIN RETURN 1; END';

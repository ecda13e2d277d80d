CREATE TRUSTED LANGUAGE plnew HANDLER plpgsql_call_handler INLINE plpgsql_inline_handler VALIDATOR plpgsql_validator;
CREATE FUNCTION public.f() RETURNS integer LANGUAGE plnew AS 'BEGIN RETURN 1; END';

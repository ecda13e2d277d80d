CREATE TRUSTED LANGUAGE plnew HANDLER plpgsql_call_handler INLINE plpgsql_inline_handler VALIDATOR plpgsql_validator;
COMMENT ON LANGUAGE plnew IS 'plpgsql once more';
GRANT USAGE ON LANGUAGE plnew TO case_writer;
CREATE FUNCTION public.f() RETURNS integer LANGUAGE plnew AS 'BEGIN RETURN 1; END';

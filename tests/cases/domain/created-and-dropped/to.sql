CREATE DOMAIN public.d AS varchar(20) COLLATE "C" DEFAULT 'x' NOT NULL CONSTRAINT d_ok CHECK (VALUE <> '') CHECK (length(VALUE) > 0);
COMMENT ON DOMAIN public.d IS 'd';
COMMENT ON CONSTRAINT d_ok ON DOMAIN public.d IS 'not empty';

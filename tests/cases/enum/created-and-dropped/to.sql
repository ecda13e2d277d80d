CREATE TYPE public.state AS ENUM ('new', 'it''s', 'with space', 'UPPER', 'ünï');
COMMENT ON TYPE public.state IS 'states';

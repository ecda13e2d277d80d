CREATE TABLE public.member (id integer PRIMARY KEY, name varchar(40) NOT NULL, born date);
COMMENT ON TABLE public.member IS 'was person';

CREATE TABLE public.t (a int, b int); ALTER TABLE public.t OWNER TO case_writer; GRANT INSERT (a), SELECT (b) ON public.t TO case_reader;

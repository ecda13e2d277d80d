CREATE TABLE public.t (a int, b int); GRANT INSERT (a), SELECT (b) ON public.t TO case_writer; ALTER TABLE public.t OWNER TO case_reader; GRANT UPDATE (b) ON public.t TO case_reader, case_writer;

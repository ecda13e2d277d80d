CREATE TABLE public.item (id integer);
CREATE ACCESS METHOD heap2 TYPE TABLE HANDLER heap_tableam_handler;
CREATE ACCESS METHOD btree2 TYPE INDEX HANDLER bthandler;
COMMENT ON ACCESS METHOD heap2 IS 'second heap';
CREATE TABLE public.other (id integer) USING heap2;
CREATE INDEX i ON public.item (id);

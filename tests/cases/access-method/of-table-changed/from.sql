CREATE ACCESS METHOD heap2 TYPE TABLE HANDLER heap_tableam_handler;
CREATE TABLE public.item (id integer PRIMARY KEY);
INSERT INTO public.item VALUES (1);

CREATE TABLE public.worker (id text NOT NULL, name text);
CREATE UNIQUE INDEX worker_id ON public.worker (id);
CREATE TABLE public.job (id integer, worker text);
ALTER TABLE public.job ADD CONSTRAINT job_worker FOREIGN KEY (worker) REFERENCES public.worker (id);
ALTER TABLE public.worker ADD CONSTRAINT worker_pkey PRIMARY KEY (id);
INSERT INTO public.worker VALUES ('a');
INSERT INTO public.job VALUES (1, 'a');

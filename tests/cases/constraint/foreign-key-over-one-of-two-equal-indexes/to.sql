CREATE TABLE public.worker (id text NOT NULL, name text);
CREATE UNIQUE INDEX worker_id ON public.worker (id);
CREATE TABLE public.job (id integer, worker text);
ALTER TABLE public.job ADD CONSTRAINT job_worker FOREIGN KEY (worker) REFERENCES public.worker (id);

SELECT pg_catalog.set_config('search_path', '', false);
CREATE TABLE public."Order" (
    id bigint NOT NULL,
    "userId" bigint NOT NULL
);
CREATE SEQUENCE public."Order_id_seq"
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public."Order_id_seq" OWNED BY public."Order".id;
CREATE TABLE public."User" (
    id bigint NOT NULL,
    email text NOT NULL
);
CREATE SEQUENCE public."User_id_seq"
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public."User_id_seq" OWNED BY public."User".id;
CREATE TABLE public._prisma_migrations (
    id character varying(36) NOT NULL,
    checksum character varying(64) NOT NULL,
    finished_at timestamp with time zone,
    migration_name character varying(255) NOT NULL,
    logs text,
    rolled_back_at timestamp with time zone,
    started_at timestamp with time zone DEFAULT now() NOT NULL,
    applied_steps_count integer DEFAULT 0 NOT NULL
);
ALTER TABLE ONLY public."Order" ALTER COLUMN id SET DEFAULT nextval('public."Order_id_seq"'::regclass);
ALTER TABLE ONLY public."User" ALTER COLUMN id SET DEFAULT nextval('public."User_id_seq"'::regclass);
INSERT INTO public._prisma_migrations (id, checksum, finished_at, migration_name, logs, rolled_back_at, started_at, applied_steps_count) VALUES ('a17e618e-669a-4345-b31a-3236c8cfee8e', '53917c0de621c228ac0d8154618227b16288ade72db515222ce12e2da9ffdee7', '2026-11-29 00:14:44.939+00', '20240110093000_create_users', NULL, NULL, '2026-11-29 00:14:44.893+00', 1);
INSERT INTO public._prisma_migrations (id, checksum, finished_at, migration_name, logs, rolled_back_at, started_at, applied_steps_count) VALUES ('5ad8e4df-1db1-4dfa-8252-33b74cc5ffda', 'a109d537df0accfb65c01591a72375156a6959dbf5b8971bf5be5b6b8d2c8eec', '2026-11-29 00:14:45.021+00', '20240220140000_create_orders', NULL, NULL, '2026-11-29 00:14:44.947+00', 1);
SELECT pg_catalog.setval('public."Order_id_seq"', 1, false);
SELECT pg_catalog.setval('public."User_id_seq"', 1, false);
ALTER TABLE ONLY public."Order"
    ADD CONSTRAINT "Order_pkey" PRIMARY KEY (id);
ALTER TABLE ONLY public."User"
    ADD CONSTRAINT "User_pkey" PRIMARY KEY (id);
ALTER TABLE ONLY public._prisma_migrations
    ADD CONSTRAINT _prisma_migrations_pkey PRIMARY KEY (id);
CREATE UNIQUE INDEX "User_email_key" ON public."User" USING btree (email);
ALTER TABLE ONLY public."Order"
    ADD CONSTRAINT "Order_userId_fkey" FOREIGN KEY ("userId") REFERENCES public."User"(id) ON UPDATE CASCADE ON DELETE RESTRICT;

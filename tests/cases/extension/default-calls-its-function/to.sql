CREATE EXTENSION "uuid-ossp";
CREATE TABLE public.item (id uuid DEFAULT public.uuid_generate_v4());

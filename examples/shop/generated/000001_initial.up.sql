-- schemactl:description add schema catalog, add schema sales, add enum catalog.availability, add function catalog.touch(), add table catalog.products, add table sales.customers and 2 more
-- schemactl:author Shop team
-- schemactl:date 2026-11-27
-- schemactl:proven up and down on PostgreSQL 15.18
-- schemactl:parent none
-- schemactl:sha256 1bb5cf0fedce7224c901aec3815075befb678ff161dce2d94d482188ed5e348a

SET LOCAL check_function_bodies = off;

-- schema catalog
CREATE SCHEMA catalog;

-- schema sales
CREATE SCHEMA sales;

-- enum catalog.availability
CREATE TYPE catalog.availability AS ENUM ('in_stock', 'on_order', 'discontinued');

-- function catalog.touch()
CREATE FUNCTION catalog.touch()
    RETURNS trigger
    LANGUAGE plpgsql
AS $$
BEGIN
    NEW.updated_at := now();
    RETURN NEW;
END
$$;

-- table catalog.products
CREATE TABLE catalog.products (
    id bigint NOT NULL GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME catalog.products_id_seq),
    sku text NOT NULL,
    name text NOT NULL,
    price numeric(12,2) NOT NULL,
    availability catalog.availability NOT NULL DEFAULT 'in_stock',
    created_at timestamp with time zone NOT NULL DEFAULT now(),
    updated_at timestamp with time zone NOT NULL DEFAULT now(),
    CONSTRAINT products_pkey PRIMARY KEY (id),
    CONSTRAINT products_sku_key UNIQUE (sku),
    CONSTRAINT products_price_check CHECK (price >= 0)
);

CREATE INDEX products_name_lower ON catalog.products ((lower(name)));

CREATE TRIGGER touch BEFORE UPDATE ON catalog.products FOR EACH ROW EXECUTE FUNCTION catalog.touch();

-- table sales.customers
CREATE TABLE sales.customers (
    id bigint NOT NULL GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME sales.customers_id_seq),
    email text NOT NULL,
    name text NOT NULL,
    CONSTRAINT customers_pkey PRIMARY KEY (id),
    CONSTRAINT customers_email_key UNIQUE (email)
);

-- table sales.orders
CREATE TABLE sales.orders (
    id bigint NOT NULL GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME sales.orders_id_seq),
    customer_id bigint NOT NULL,
    placed_at timestamp with time zone NOT NULL DEFAULT now(),
    CONSTRAINT orders_pkey PRIMARY KEY (id),
    CONSTRAINT orders_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES sales.customers (id) ON DELETE RESTRICT
);

-- table sales.order_lines
CREATE TABLE sales.order_lines (
    order_id bigint NOT NULL,
    product_id bigint NOT NULL,
    quantity integer NOT NULL,
    CONSTRAINT order_lines_pkey PRIMARY KEY (order_id, product_id),
    CONSTRAINT order_lines_quantity_check CHECK (quantity > 0),
    CONSTRAINT order_lines_product_id_fkey FOREIGN KEY (product_id) REFERENCES catalog.products (id),
    CONSTRAINT order_lines_order_id_fkey FOREIGN KEY (order_id) REFERENCES sales.orders (id) ON DELETE CASCADE
);

-- table sales.orders
CREATE INDEX orders_customer_id_idx ON sales.orders (customer_id);

-- schema catalog
COMMENT ON SCHEMA catalog IS 'What is sold';

-- schema sales
COMMENT ON SCHEMA sales IS 'Who bought what';

CREATE TYPE money_amount AS (value numeric, currency char(3));
CREATE FUNCTION price(n numeric, c char DEFAULT 'EUR') RETURNS money_amount LANGUAGE sql IMMUTABLE AS $$ SELECT ROW(n, c)::money_amount $$;
CREATE FUNCTION as_text(money_amount) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN RETURN $1.value || $1.currency; END $$;
CREATE TABLE item (id integer PRIMARY KEY, cost numeric, label text DEFAULT as_text(price(1)), CONSTRAINT cheap CHECK ((price(cost)).value < 1000));
CREATE INDEX item_cost ON item (as_text(price(cost)));
CREATE VIEW costs AS SELECT id, as_text(price(cost)) AS cost FROM item;
INSERT INTO item VALUES (1, 5);

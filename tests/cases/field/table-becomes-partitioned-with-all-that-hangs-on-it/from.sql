CREATE TABLE reading (id bigint NOT NULL, at date NOT NULL, sensor integer NOT NULL, heat numeric(5, 2) DEFAULT 0, PRIMARY KEY (id, at));
CREATE INDEX reading_sensor ON reading (sensor, at DESC);
CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER stamped BEFORE INSERT ON reading FOR EACH ROW EXECUTE FUNCTION stamp();
CREATE VIEW hot AS SELECT sensor, max(heat) AS heat FROM reading GROUP BY sensor;
GRANT SELECT ON reading TO case_reader;
COMMENT ON TABLE reading IS 'what was read';
COMMENT ON COLUMN reading.heat IS 'in degrees';
INSERT INTO reading VALUES (1, '2024-02-03', 1), (2, '2023-02-03', 1);

CREATE EXTENSION btree_gist;
CREATE TABLE booking (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), room bigint NOT NULL, begins timestamptz NOT NULL DEFAULT now(), ends timestamptz NOT NULL, day date GENERATED ALWAYS AS ((begins AT TIME ZONE 'UTC')::date) STORED,
    CONSTRAINT apart EXCLUDE USING gist (room WITH =, tstzrange(begins, ends) WITH &&), CONSTRAINT forwards CHECK (begins < ends));
CREATE INDEX booking_day ON booking (day) INCLUDE (room);
CREATE INDEX booking_at ON booking USING brin (begins) WITH (pages_per_range = 64);
CREATE VIEW today AS SELECT * FROM booking WHERE day = current_date;
INSERT INTO booking (room, begins, ends) VALUES (1, '2024-01-01', '2024-01-02');

CREATE TABLE measurement (
    region bigint DEFAULT 1
) PARTITION BY LIST (region);
CREATE TABLE measurement_rest PARTITION OF measurement DEFAULT;
INSERT INTO measurement VALUES (1), (2);

CREATE TYPE kind AS ENUM ('click', 'refund', 'buy');
CREATE TABLE event (id integer, kind kind, payload text) PARTITION BY RANGE (id);
CREATE TABLE event_1 PARTITION OF event FOR VALUES FROM (1) TO (10) PARTITION BY LIST (kind);
CREATE TABLE event_1_rest PARTITION OF event_1 DEFAULT;
CREATE INDEX event_data ON event (payload);

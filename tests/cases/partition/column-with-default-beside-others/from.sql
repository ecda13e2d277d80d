CREATE TABLE event (
    at integer DEFAULT 2,
    number serial,
    open boolean DEFAULT true
) PARTITION BY RANGE (at);
ALTER TABLE event ADD PRIMARY KEY (number, at);
CREATE TABLE event_rest PARTITION OF event DEFAULT;
CREATE TABLE event_100 PARTITION OF event FOR VALUES FROM (100) TO (160);
CREATE INDEX event_open ON event (number DESC, open);

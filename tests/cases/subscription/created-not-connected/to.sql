CREATE SUBSCRIPTION s CONNECTION 'dbname=nowhere' PUBLICATION p, q WITH (connect = false, slot_name = NONE, binary = true, synchronous_commit = 'remote_apply');
COMMENT ON SUBSCRIPTION s IS 's';

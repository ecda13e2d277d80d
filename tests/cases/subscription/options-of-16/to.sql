CREATE SUBSCRIPTION s CONNECTION 'dbname=nowhere' PUBLICATION p WITH (connect = false, slot_name = NONE, origin = none, password_required = false, run_as_owner = true, streaming = parallel);
CREATE SUBSCRIPTION t CONNECTION 'dbname=nowhere' PUBLICATION p WITH (connect = false, slot_name = NONE);

-- What PostgreSQL 18 brought.
CREATE TABLE app.eighteen (
    id integer,
    during daterange,
    a integer CONSTRAINT a_is_there NOT NULL,
    double integer GENERATED ALWAYS AS (a * 2) VIRTUAL,
    own integer CONSTRAINT own_is_there NOT NULL NO INHERIT,
    UNIQUE (a, during WITHOUT OVERLAPS),
    CONSTRAINT eighteen_pkey PRIMARY KEY (id, during WITHOUT OVERLAPS),
    CONSTRAINT not_looked_at CHECK (a > 0) NOT ENFORCED
);
CREATE TABLE app.eighteen_child (
    id integer,
    during daterange,
    b integer,
    FOREIGN KEY (id, PERIOD during) REFERENCES app.eighteen (id, PERIOD during),
    CONSTRAINT far FOREIGN KEY (b) REFERENCES app.plain (id) NOT ENFORCED
);
ALTER TABLE app.eighteen_child ADD CONSTRAINT b_is_there NOT NULL b NOT VALID;
CREATE PUBLICATION pub_generated FOR TABLE app.plain WITH (publish_generated_columns = stored);
CREATE TABLE app.eighteen_kid () INHERITS (app.eighteen);
ALTER DEFAULT PRIVILEGES FOR ROLE sink_owner GRANT SELECT ON LARGE OBJECTS TO sink_member;

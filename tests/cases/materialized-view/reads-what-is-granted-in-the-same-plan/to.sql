CREATE TABLE rates (currency text PRIMARY KEY, rate numeric NOT NULL);
INSERT INTO rates VALUES ('EUR', 1), ('USD', 1.1);
CREATE VIEW shown AS SELECT currency, rate FROM rates;
ALTER VIEW shown OWNER TO case_writer;
GRANT SELECT ON rates TO case_writer;
CREATE MATERIALIZED VIEW cached AS SELECT currency FROM shown;

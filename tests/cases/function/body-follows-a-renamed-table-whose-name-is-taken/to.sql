CREATE SCHEMA app;
CREATE TABLE app.b (id int, x int);
CREATE VIEW app.v AS SELECT x, id FROM app.b;
CREATE FUNCTION app.f(v int) RETURNS int LANGUAGE plpgsql AS $$ begin return v + (select count(x) from app.b); end $$;
CREATE TABLE m (a bigint CHECK (app.f(a::int) > 0), b int DEFAULT app.f(2), c int DEFAULT app.f(4) NOT NULL);
CREATE TABLE app.a (id int);
CREATE FUNCTION app.on_write() RETURNS trigger LANGUAGE plpgsql AS $$ begin perform count(*) from app.b; return new; end $$;
CREATE TRIGGER on_write BEFORE INSERT ON m FOR EACH ROW EXECUTE FUNCTION app.on_write();

CREATE SCHEMA app;
CREATE TABLE app.a (id int, x int);
CREATE VIEW app.v AS SELECT x FROM app.a;
CREATE FUNCTION app.f(v int) RETURNS int LANGUAGE plpgsql AS $$ begin return v + (select count(x) from app.a); end $$;
CREATE TABLE m (a int CHECK (app.f(a) > 0), b int DEFAULT app.f(2));
CREATE FUNCTION app.on_write() RETURNS trigger LANGUAGE plpgsql AS $$ begin perform count(*) from app.a; return new; end $$;
CREATE TRIGGER on_write BEFORE INSERT ON m FOR EACH ROW EXECUTE FUNCTION app.on_write();
INSERT INTO app.a VALUES (1, 1);
INSERT INTO m VALUES (1, 1);

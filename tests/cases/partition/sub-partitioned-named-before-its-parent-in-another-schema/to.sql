CREATE SCHEMA z;
create schema a;
create schema b;
create table b.t (id int, v text) partition by list (id);
create table a.t_sub partition of b.t for values in (2) partition by list (id);
create function a.f() returns trigger language plpgsql as 'begin return new; end';
create trigger ctg after insert on b.t for each row execute function a.f();

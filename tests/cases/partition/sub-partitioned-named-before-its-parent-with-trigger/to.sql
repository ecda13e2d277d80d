CREATE SCHEMA z;
create schema a;
create function a.f() returns trigger language plpgsql as 'begin return new; end';
create table a.t (id int, v text) partition by list (id);
create table a.b partition of a.t for values in (2) partition by list (id);
create trigger tg before insert on a.t for each row execute function a.f();

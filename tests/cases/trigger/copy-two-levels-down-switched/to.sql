create table part (id int) partition by list (id);
create table z partition of part for values in (1,2) partition by range (id);
create table p1 partition of z for values from (1) to (2);
create function trg() returns trigger language plpgsql as $$begin return new; end$$;
create trigger t_all after insert on part for each row execute function trg();
alter table p1 disable trigger t_all;

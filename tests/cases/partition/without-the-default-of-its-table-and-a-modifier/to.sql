create table part (id int, amt numeric(8,2) default 0) partition by list (id);
create table p1 (id int, amt numeric(8,2));
alter table part attach partition p1 for values in (1);

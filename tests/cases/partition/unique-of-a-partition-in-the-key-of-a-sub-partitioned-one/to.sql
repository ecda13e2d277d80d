create table part (id int not null, constraint part_pk primary key (id)) partition by list (id);
create table eu partition of part for values in (1,2,3) partition by range (id);
create table p1 (id int not null, unique (id));
alter table eu attach partition p1 for values from (1) to (2);

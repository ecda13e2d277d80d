create domain r as int4range;
create table t (id int, r r not null);
insert into t values (1,'[1,3)');

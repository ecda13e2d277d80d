create domain dm as bigint constraint small check (value < 100);
comment on constraint small on domain dm is 'small';
comment on domain dm is 'a domain';
create table t (id integer primary key, a dm);
insert into t values (1, 2);

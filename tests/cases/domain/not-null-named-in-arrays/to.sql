create domain dm as bigint constraint dnn not null;
comment on constraint dnn on domain dm is 'a';
create domain begins as integer constraint begins_there not null default 4;
create table t (id integer primary key, a dm[], b begins[]);
insert into t values (1, '{2}', '{3}');

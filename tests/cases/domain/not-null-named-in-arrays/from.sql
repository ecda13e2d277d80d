create domain dm as integer constraint dnn not null;
comment on constraint dnn on domain dm is 'a';
create domain begins as integer default 4;
create table t (id integer primary key, a dm[], b begins[]);
insert into t values (1, '{2}', '{3}');

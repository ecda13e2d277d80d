create domain dm as integer constraint dnn not null;
comment on constraint dnn on domain dm is 'a';
create domain usual as text not null check (value <> '');
comment on constraint usual_not_null on domain usual is 'usual';
create domain plain as text not null;
create domain other as text constraint other_is_there not null constraint other_check check (value <> 'x');
create table t (id integer primary key, a dm, b usual, c plain, d other);
insert into t values (1, 2, 'b', 'c', 'd');

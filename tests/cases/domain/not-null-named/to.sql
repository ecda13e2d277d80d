create domain dm as integer constraint dm_there not null;
comment on constraint dm_there on domain dm is 'b';
create domain usual as text not null check (value <> '');
create domain plain as text constraint plain_there not null;
comment on constraint plain_there on domain plain is 'plain';
create domain other as text not null constraint other_check check (value <> 'x');
create table t (id integer primary key, a dm, b usual, c plain, d other);
insert into t values (1, 2, 'b', 'c', 'd');

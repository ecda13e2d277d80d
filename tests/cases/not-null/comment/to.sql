create table t(a int not null);
comment on constraint t_a_not_null on t is 'x';
create table p(a int not null);
create table k() inherits (p);
comment on constraint p_a_not_null on p is 'y';
comment on constraint p_a_not_null on k is 'z';

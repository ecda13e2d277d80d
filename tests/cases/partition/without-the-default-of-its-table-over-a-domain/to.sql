create domain dom as int default 7;
create table p (a int, d dom default 3) partition by list (a);
create table k (a int, d dom); alter table p attach partition k for values in (1);

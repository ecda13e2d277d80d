create schema f;
set search_path to f;
create table p (id bigint primary key, code text not null unique);
create table t (
    id bigint generated always as identity primary key, a int default 1, b varchar(10), c numeric(10,2), n int, m int not null default 0,
    checked int, doubtful int, at timestamptz, parent bigint constraint t_parent references p, other bigint, words text,
    constraint a_positive check (a > 0), constraint checked_there check (checked is not null),
    constraint doubtful_there check (doubtful is not null) not valid, constraint short check (length(words) < 100) not valid);
alter table t add constraint t_other foreign key (other) references p not valid;
create index t_b on t (b);
create unique index t_m on t (m);
create unique index t_n on t (n);
create statistics t_stat (dependencies) on a, m from t;
create table u (id int, t_id bigint references t);
create sequence s;
create view v as select id, a from t;
create materialized view mv as select id, a from t;
create unique index mv_id on mv (id);
create domain small as int check (value < 10);
create domain plain as int;
create table d (x small, y plain);
create type mood as enum ('good');
create type pair as (one int, two int);
create table g (id int not null, x text) partition by range (id);
create index g_x on g (x);
create table g1 partition of g for values from (0) to (10);
create table g_rest partition of g default;
create table g2 (id int not null, x text);
create table g3 (id int not null, x text, constraint g3_bound check (id >= 20 and id < 30));
create index g3_x on g3 (x);
create table k (id int not null) partition by range (id);
create table k1 partition of k for values from (0) to (10);
create table k2 (id int not null);
alter table k1 add foreign key (id) references p;
create table h (x int, y text);
create table h1 (z int) inherits (h);
create table lonely (x int);
create function nothing() returns trigger language plpgsql as 'begin return new; end';
create function one() returns int language sql stable as 'select 1';
create function another() returns int language plpgsql volatile as 'begin return 1; end';
create trigger t_trigger before insert on t for each row execute function nothing();
create policy t_policy on t using (true);
create rule t_rule as on delete to lonely do also nothing;
create publication f_publication for table p;
create unlogged table un (x int);
-- What was made above counts as there from here on.
insert into p values (1, 'one'), (100, 'hundred');
insert into t (a, b, n, m, checked, doubtful, parent, other) values (1, 'x', 1, 1, 1, 1, 1, 1);
insert into d values (1, 1);
insert into g values (1, 'x'), (100, 'y');
insert into g2 values (11, 'x');
insert into g3 values (21, 'x');
insert into h1 values (1, 'x', 2);

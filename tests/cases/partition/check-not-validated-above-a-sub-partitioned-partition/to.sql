create table part (id int not null, r text not null, amt int, primary key (id, r)) partition by list (r);
alter table part add constraint amt_ck check (amt >= 0) not valid;
create table eu partition of part for values in ('de') partition by range (id);

create table pb (id bigint not null, p int not null) partition by list (p);
create sequence b_id_seq owned by pb.id;
alter table pb alter id set default nextval('b_id_seq');
create table b partition of pb for values in (1);

create table b (id bigint not null, p int not null, primary key (id, p));
create sequence b_id_seq as integer owned by b.id;
alter table b alter id set default nextval('b_id_seq');
create table m (id int, p int, foreign key (id,p) references b);

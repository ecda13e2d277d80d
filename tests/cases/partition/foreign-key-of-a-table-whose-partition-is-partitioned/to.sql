create table late (a integer primary key);
create table kept (a integer);
-- By its name the referenced table comes after all others.
create table zref (a integer primary key);
create table multi (v integer references zref, id integer) partition by range (id);
create table sub partition of multi for values from (20) to (30) partition by list (id);
create table leaf partition of sub default;

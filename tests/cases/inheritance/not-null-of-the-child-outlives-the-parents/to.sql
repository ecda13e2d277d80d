create table pi (soap text not null);
create table lab (soap text not null) inherits (pi);

create table pi (soap text);
create table lab (soap text not null) inherits (pi);

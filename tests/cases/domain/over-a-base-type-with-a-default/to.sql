create type bt;
create function bt_in(cstring) returns bt language internal immutable strict as 'int4in';
create function bt_out(bt) returns cstring language internal immutable strict as 'int4out';
create type bt (input = bt_in, output = bt_out, like = int4, default = '4');
create domain d as bt; create domain e as bt; create domain f as bt default '5';

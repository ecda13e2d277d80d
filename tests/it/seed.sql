create type colour as enum ('red', 'green');
create domain email as text check (value ~ '^[^@\s]+@[^@\s]+\.[a-z]{2,}$') not null;
create domain percent as numeric(5, 2) check (value between 0 and 100);
create type spot as (x integer, y text, c colour);
create type pricerange as range (subtype = numeric);

create table plain (id bigserial primary key, name varchar(2) not null unique, c char(1), flag boolean unique, price numeric(3, 2) not null);
create table typed (
    id uuid primary key default gen_random_uuid(), colour colour not null, mail email unique, share percent not null, place spot not null,
    prices pricerange not null, tags text[] not null, mails email[] not null, doc jsonb not null, bits bit(3) not null, at timestamptz not null,
    day date not null, span interval not null, address inet not null, raw bytea not null, shape polygon not null, words tsvector not null,
    during tstzrange not null, exclude using gist (during with &&)
);
create table checked (
    id integer generated always as identity primary key,
    status text not null check (status in ('open', 'closed')),
    code text not null check (code ~ '^[A-Z]{3}-\d{4}$'),
    country char(2) not null check (country = upper(country) and length(country) = 2),
    url text not null check (url like 'https://%'),
    born date not null check (born > '1900-01-01' and born < now() - interval '18 years'),
    low integer not null, high integer not null, check (low < high), check (high - low >= 10),
    one integer, two integer, three integer, check (num_nonnulls(one, two, three) = 1),
    doc jsonb not null check (jsonb_typeof(doc) = 'array'),
    hash bytea not null check (octet_length(hash) = 32),
    closed_at timestamptz, check ((status = 'closed') = (closed_at is not null)),
    total numeric(10, 2) generated always as (low * 2.5) stored,
    check (total > 0)
);
create table tenant (id integer primary key);
create table member (tenant integer not null references tenant, id integer not null, primary key (tenant, id));
create table grouping_of (
    tenant integer not null references tenant, id integer, leader integer not null, other integer,
    primary key (tenant, id),
    foreign key (tenant, leader) references member, foreign key (tenant, other) references member
);
create table friendship (
    a integer not null references plain, b integer not null references plain, check (a < b), primary key (a, b)
);
create table tree (id serial primary key, parent integer references tree, check (parent <> id));
create table root_of_itself (id serial primary key, parent integer not null references root_of_itself);
create table chicken (id serial primary key, egg integer not null);
create table egg (id serial primary key, chicken integer not null references chicken deferrable initially deferred);
alter table chicken add foreign key (egg) references egg;
create table shared_key (id bigint primary key references plain, kind text default 'x' check (kind = 'x'));
create table either (
    id serial primary key, plain_id bigint references plain, tenant_id integer references tenant,
    check ((plain_id is null) <> (tenant_id is null))
);
create table lone (id serial primary key, place integer not null, unique (place) deferrable);
create table measured (at date not null, id serial, value integer, primary key (at, id)) partition by range (at);
create table measured_2024 partition of measured for values from ('2024-01-01') to ('2025-01-01');
create table measured_rest partition of measured default;
create table listed (kind text, v integer) partition by list (kind);
create table listed_ab partition of listed for values in ('aa', 'bb');
create table hashed (id bigint not null) partition by hash (id);
create table hashed_0 partition of hashed for values with (modulus 2, remainder 0);
create table hashed_1 partition of hashed for values with (modulus 2, remainder 1);
create table of_measured (at date not null, id integer not null, foreign key (at, id) references measured);
create table parent_of (id serial primary key, name text not null);
create table child_of (extra integer not null) inherits (parent_of);
create table nothing ();
create table guarded (id serial primary key, v integer not null);
create function refuse() returns trigger language plpgsql as $$ begin raise exception 'no'; end $$;
create trigger refuse before insert on guarded for each row execute function refuse();
create table impossible (a integer not null check (a > 5 and a < 3));

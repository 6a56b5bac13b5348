-- What the storm sees of the tables while they are written, and how it makes them fail. Not part of the product.
create schema storm;

-- The columns of every row that was there at any moment, in the order in which PostgreSQL wrote them.
create table storm.audit (
  seq bigint generated always as identity,
  at bigint not null,
  writer text not null,
  operation text not null,
  sub text not null,
  generation integer,
  observed_at timestamptz
);

-- Sequences, for they have no snapshot: a statement that waits for a lock sees what they say when it goes on.
-- The simulated clock's lead over the real one in milliseconds, plus 1.
create sequence storm.clock_offset;
-- Which SQLSTATE every write ends with: 1 none, otherwise one of raise_fault's.
create sequence storm.fault;
-- Whether commits are told: 1 no, 2 yes.
create sequence storm.telling;
-- Rows that a function proposed to insert although they were there: each has burnt a value of the table's sequence.
create sequence storm.burnt_by_consumer;
create sequence storm.burnt_by_trigger;

create function storm.now() returns bigint language sql as $$
  select (extract(epoch from clock_timestamp()) * 1000)::bigint + last_value - 1 from storm.clock_offset
$$;

create function storm.raise_fault() returns trigger language plpgsql security definer as $$
declare
  fault bigint := (select last_value from storm.fault);
begin
  if fault > 1 and session_user <> current_user then
    raise exception 'as the storm wants it' using errcode = (array['40001', '40P01', '53100', '53300', '25006', '57014'])[fault - 1];
  end if;
  return null;
end
$$;

create function storm.count_burnt() returns trigger language plpgsql security definer as $$
declare
  found_one boolean;
begin
  execute format('select exists (select from %I.%I where cognito_user_id = $1)', tg_table_schema, tg_table_name) into found_one using new.cognito_user_id;
  if found_one and session_user like 'storm\_consumer%' then
    perform nextval('storm.burnt_by_consumer');
  elsif found_one then
    perform nextval('storm.burnt_by_trigger');
  end if;
  return new;
end
$$;

create function storm.record_write() returns trigger language plpgsql security definer as $$
declare
  stored record := case when tg_op = 'DELETE' then old else new end;
begin
  insert into storm.audit (at, writer, operation, sub, generation, observed_at)
  values (storm.now(), session_user, tg_op, stored.cognito_user_id, stored.generation, (to_jsonb(stored) ->> 'observed_at')::timestamptz);
  if (select last_value from storm.telling) > 1 then
    perform pg_notify('committed', stored.cognito_user_id);
  end if;
  return null;
end
$$;

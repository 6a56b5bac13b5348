create table public.users (
  display_name text,
  email text,
  handle text,
  cognito_user_id text not null unique
);

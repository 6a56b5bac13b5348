/** The text of our own statement, so that a ratio to it compares everything else. A test keeps the two the same. */
export const UPSERT = 'insert into "public"."users" as stored ("cognito_user_id", "email", "display_name", "handle") values ($1, $2, $3, $4)'
  + ' on conflict ("cognito_user_id") do update set "email" = excluded."email", "display_name" = excluded."display_name", "handle" = excluded."handle"'
  + ' where stored."email" is distinct from excluded."email" or stored."display_name" is distinct from excluded."display_name" or stored."handle" is distinct from excluded."handle"';

import { randomInt, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';

const NAMES = ['Ada Lovelace', 'Alan Turing', 'Grace Hopper', 'Edsger Dijkstra', 'Barbara Liskov'];

/**
 * The server behind API Gateway: `GET /users?count=3` answers with that many fake users. It believes the header `x-user`,
 * which API Gateway overwrites, so let nothing but API Gateway reach it.
 */
export const sourceServer = createServer(({ url = '/', headers }, response) => {
  const [path, query] = url.split('?'); // not new URL(), which throws for what anybody may ask for, such as //
  const count = Math.min(Number(new URLSearchParams(query).get('count')) || 1, 100);
  const found = path === '/users';
  response.writeHead(found ? 200 : 404, { 'content-type': 'application/json' });
  response.end(JSON.stringify(found ? { askedBy: headers['x-user'], users: Array.from({ length: count }, fakeUser) } : { message: 'Not Found' }));
});

function fakeUser() {
  const name = NAMES[randomInt(NAMES.length)];
  return { id: randomUUID(), name, email: `${name.split(' ')[0].toLowerCase()}@example.com` };
}

if (require.main === module) sourceServer.listen(Number(process.env.PORT ?? 8080));

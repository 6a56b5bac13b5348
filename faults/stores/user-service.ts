import { randomBytes } from 'node:crypto';
import { Entrance } from './entrance';
import { startTcpProxy } from '../../test/support/tcp-proxy';
import { type Exchange, startUserService, tell, type UserFields } from '../../test/support/user-service';
import type { Misbehaviour } from '../../test/support/user-service-misbehaviour';
import { type HttpStore, SECRET_ARN, type StoredRow, type StoreServer, type StoreWithSecret } from '../store';

/** A service of its own, which lets in who has its API key. */
export interface ServiceStore extends HttpStore {
  readonly secret: string;
  /** Of all users, as the functions know it. */
  readonly url: string;
  misbehave(misbehaviour?: Misbehaviour): void;
  /** As in {@link StoreWithSecret}. */
  changeSecret(): Promise<void>;
  /** From now on it does not take a user of whom this is true. */
  refuse(isWrong: (fields: UserFields) => boolean): void;
}

/** They share nothing. */
export async function startUserServices(): Promise<StoreServer<ServiceStore>> {
  return { open: openServiceStore, stop: async () => {} };
}

async function openServiceStore(): Promise<ServiceStore> {
  const service = await startUserService();
  const { port, pathname } = new URL(service.url);
  const proxy = await startTcpProxy(Number(port));
  const url = `http://localhost:${proxy.port}${pathname}`;
  let secret = newKey();
  const entrance = new Entrance<Exchange>(({ request: { headers }, response, take }) => tell(response, headers['x-api-key'] === secret ? take() : { status: 401 }));
  service.instead = (exchange) => entrance.meet(exchange);

  return {
    url,
    proxy,
    plan: { kind: 'userService', url, login: { secretArn: SECRET_ARN, header: 'x-api-key' }, mayBeUnencrypted: true },
    get secret() { return secret; },
    rows: async () => [...service.users.values()] as unknown as StoredRow[],
    async swallowRequests() {
      await proxy.blackHole();
      proxy.silence();
    },
    async delayWrites(milliseconds) { entrance.delayMs = milliseconds; },
    isWriting: async () => entrance.underWay > 0,
    misbehave(misbehaviour) { entrance.instead = misbehaviour; },
    // Services like to quote what they refuse.
    refuse(isWrong) {
      entrance.instead = ({ request: { body }, response, take }) => {
        const fields = JSON.parse(body) as UserFields;
        tell(response, isWrong(fields) ? { status: 422, fields } : take());
      };
    },
    async changeSecret() { secret = newKey(); },
    async stop() {
      await proxy.stop();
      await service.stop();
    },
  };
}

function newKey(): string {
  return randomBytes(12).toString('hex');
}

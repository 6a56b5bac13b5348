import { randomUUID } from 'node:crypto';
import { startHttpServer, type HttpAnswer } from './http-server';

/**
 * Answers `ListUsers` and `AdminGetUser` as a user pool does (JSON 1.1,
 * https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ListUsers.html).
 * Our own: cognito-local and moto know the calls, but neither gives pages, throttles, lags behind what was just written,
 * goes silent or keeps foreign pools out. It does not check the signature, only that the request has one for this service.
 */
export interface UserDirectory {
  /** For `AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER`. */
  readonly url: string;
  readonly userPoolId: string;
  /** How many requests of each kind have come in, refused ones included. */
  readonly calls: Readonly<Record<Operation, number>>;
  /** `ListUsers` tells how the pool was so long ago, as it is eventually consistent; `AdminGetUser` is not. */
  lagMs: number;
  /** Takes requests and never answers. */
  isBlackHole: boolean;
  /** The next so many requests are refused with `TooManyRequestsException`. */
  throttle(requests: number): void;
  /** Adds the user, or changes them: a user is one state after the other. */
  put(user: PoolUser): void;
  delete(sub: string): void;
  /** As they are now, whatever the lag. */
  user(sub: string): PoolUser | undefined;
  stop(): Promise<void>;
}

export interface PoolUser {
  readonly sub: string;
  readonly username: string;
  /** Without `sub`. */
  readonly attributes: Readonly<Record<string, string>>;
  /** @default 'CONFIRMED' */
  readonly status?: string;
  /** @default true */
  readonly enabled?: boolean;
}

export interface UserDirectoryOptions {
  /** Every other pool is refused, as IAM does. */
  readonly userPoolId: string;
  /** The most users on one page, below what a request allows: Cognito also gives fewer than it is asked for. @default 60 */
  readonly pageSize?: number;
  /** Milliseconds since 1970, for those who simulate a clock. */
  readonly now?: () => number;
}

type Operation = 'ListUsers' | 'AdminGetUser';

/** One state of a user, from this moment on; none after they were deleted. */
interface Version {
  readonly at: number;
  readonly user?: PoolUser;
}

const SIGNED_FOR_SERVICE = /^AWS4-HMAC-SHA256 Credential=[^,]+\/cognito-idp\/aws4_request/;
const TARGET = /^AWSCognitoIdentityProviderService\.(ListUsers|AdminGetUser)$/;
const SUB_FILTER = /^\s*sub\s*=\s*"([^"]*)"\s*$/;
const MOST_ON_A_PAGE = 60;

export async function startUserDirectory({ userPoolId, pageSize = MOST_ON_A_PAGE, now = Date.now }: UserDirectoryOptions): Promise<UserDirectory> {
  const versions = new Map<string, Version[]>();
  /** By username, which never changes. */
  const subs = new Map<string, string>();
  const calls: Record<Operation, number> = { ListUsers: 0, AdminGetUser: 0 };
  let toThrottle = 0;

  const change = (sub: string, user?: PoolUser) => {
    const history = versions.get(sub);
    if (history) history.push({ at: now(), user });
    else versions.set(sub, [{ at: now(), user }]);
  };
  const stateOf = (sub: string, at: number) => versions.get(sub)?.findLast((version) => version.at <= at)?.user;
  const described = (user: PoolUser) => {
    const history = versions.get(user.sub)!;
    return {
      Username: user.username,
      UserStatus: user.status ?? 'CONFIRMED',
      Enabled: user.enabled ?? true,
      UserCreateDate: history[0].at / 1000,
      UserLastModifiedDate: history.find((version) => version.user === user)!.at / 1000,
    };
  };

  function listUsers({ Filter, Limit = MOST_ON_A_PAGE, PaginationToken }: Record<string, unknown>): HttpAnswer {
    if (!(Number(Limit) >= 0 && Number(Limit) <= MOST_ON_A_PAGE)) return refuse('InvalidParameterException', `got Limit ${String(Limit)}, expected 0 to ${MOST_ON_A_PAGE}`);
    const [, sub] = SUB_FILTER.exec(String(Filter ?? '')) ?? [];
    if (Filter !== undefined && sub === undefined) return refuse('InvalidParameterException', `got Filter ${String(Filter)}, and this fake knows only sub = "…"`);
    const page = readToken(PaginationToken, Filter);
    if (page === undefined) return refuse('InvalidParameterException', 'the PaginationToken belongs to another request');
    const at = now() - directory.lagMs;
    const found = [...sub === undefined ? versions.keys() : [sub]].map((each) => stateOf(each, at)).filter((user) => user !== undefined);
    const end = page + Math.min(Number(Limit) || MOST_ON_A_PAGE, pageSize);
    return answer(200, {
      Users: found.slice(page, end).map((user) => ({ ...described(user), Attributes: attributeList(user) })),
      ...(end < found.length && { PaginationToken: token(end, Filter) }),
    });
  }

  /** By username, or by `sub` where the user has no other identity provider. */
  function adminGetUser({ Username }: Record<string, unknown>): HttpAnswer {
    const bySub = stateOf(String(Username), Infinity);
    const user = stateOf(subs.get(String(Username)) ?? '', Infinity) ?? (bySub?.attributes.identities === undefined ? bySub : undefined);
    return user ? answer(200, { ...described(user), UserAttributes: attributeList(user) }) : refuse('UserNotFoundException', 'User does not exist.');
  }

  const server = await startHttpServer(async (request, body) => {
    const target = String(request.headers['x-amz-target']);
    const operation = TARGET.exec(target)?.[1] as Operation | undefined;
    if (operation === undefined) return refuse('UnknownOperationException', `got ${target}, expected ListUsers or AdminGetUser`);
    calls[operation] += 1;
    if (directory.isBlackHole) return new Promise(() => {});
    if (toThrottle > 0) {
      toThrottle -= 1;
      return refuse('TooManyRequestsException', 'Rate exceeded');
    }
    if (!SIGNED_FOR_SERVICE.test(request.headers.authorization ?? '')) {
      return refuse('MissingAuthenticationTokenException', `got ${request.headers.authorization ? 'a signature for something else' : 'no signature'}, expected one for cognito-idp`);
    }
    const parameters = JSON.parse(body) as Record<string, unknown>;
    if (parameters.UserPoolId !== userPoolId) {
      return refuse('AccessDeniedException', `not authorized to perform: cognito-idp:${operation} on user pool ${String(parameters.UserPoolId)}`);
    }
    return operation === 'ListUsers' ? listUsers(parameters) : adminGetUser(parameters);
  });

  const directory: UserDirectory = {
    url: server.url,
    userPoolId,
    calls,
    lagMs: 0,
    isBlackHole: false,
    throttle: (requests) => { toThrottle = requests; },
    put(user) {
      subs.set(user.username, user.sub);
      change(user.sub, user);
    },
    delete: (sub) => change(sub),
    user: (sub) => stateOf(sub, Infinity),
    stop: () => server.stop(),
  };
  return directory;
}

function attributeList({ sub, attributes }: PoolUser) {
  return Object.entries({ sub, ...attributes }).map(([Name, Value]) => ({ Name, Value }));
}

/** Holds the filter too: Cognito refuses a token with other parameters than those of the request that it came from. */
function token(from: number, filter: unknown): string {
  return Buffer.from(JSON.stringify([from, filter ?? null])).toString('base64');
}

function readToken(given: unknown, filter: unknown): number | undefined {
  if (given === undefined) return 0;
  try {
    const [from, itsFilter] = JSON.parse(Buffer.from(String(given), 'base64').toString());
    return itsFilter === (filter ?? null) ? from : undefined;
  } catch {
    return undefined;
  }
}

function refuse(type: string, message: string): HttpAnswer {
  return answer(400, { __type: type, message });
}

function answer(status: number, body: object): HttpAnswer {
  return { status, headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-requestid': randomUUID() }, body: JSON.stringify(body) };
}

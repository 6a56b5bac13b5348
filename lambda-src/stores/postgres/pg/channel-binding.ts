/**
 * In the place of `pg/lib/crypto/cert-signatures` in the bundles, which reads the server's certificate for SCRAM with
 * channel binding. We never ask for it: RDS Proxy and PgBouncer stand between the two ends that it would bind.
 */
export function signatureAlgorithmHashFromCertificate(): never {
  throw new Error('the bundled pg has no channel binding');
}

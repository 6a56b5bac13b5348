/** Whether an error code of Node.js's or OpenSSL's tells of a certificate: one that fails its check stays wrong until somebody mends it. */
export function isCertificateCode(code: string): boolean {
  return /CERT|TLS|SSL|ISSUER|SIGN|VERIFY|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH/.test(code);
}

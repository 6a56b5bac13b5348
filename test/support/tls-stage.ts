/** How far a connection to PostgreSQL has come, by what the client sends. */
export type Stage = 'tls' | 'authentication' | 'query';

const SSL_REQUEST_BYTES = 8;
const HEADER_BYTES = 5;
const CHANGE_CIPHER_SPEC = 20;

/**
 * Which of the client's TLS records opens a stage, where TLS 1.3 carries a login by SCRAM: ClientHello, Finished, startup
 * message, SASL's first and second answer, and then statements. What is in them is encrypted for us too.
 */
const OPENED_BY: Readonly<Record<Stage, number>> = { tls: 1, authentication: 4, query: 6 };

/** Reads one client's stream from its first byte on. @returns whether it has reached the stage, this chunk included */
export function stageReader(): (chunk: Buffer, stage: Stage | undefined) => boolean {
  let header = Buffer.alloc(0);
  let toSkip = SSL_REQUEST_BYTES;
  let records = 0;
  return (chunk, stage) => {
    for (let rest = chunk; rest.length > 0;) {
      const skipped = Math.min(toSkip, rest.length);
      toSkip -= skipped;
      rest = rest.subarray(skipped);
      if (rest.length === 0) break;
      const missing = rest.subarray(0, HEADER_BYTES - header.length);
      header = Buffer.concat([header, missing]);
      rest = rest.subarray(missing.length);
      if (header.length < HEADER_BYTES) break;
      // Sent for the sake of old middleboxes only, and means nothing.
      if (header[0] !== CHANGE_CIPHER_SPEC) records += 1;
      toSkip = header.readUInt16BE(3);
      header = Buffer.alloc(0);
    }
    return stage !== undefined && records >= OPENED_BY[stage];
  };
}

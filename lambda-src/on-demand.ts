/* eslint-disable @typescript-eslint/no-require-imports */
import type crypto from 'node:crypto';
import type https from 'node:https';
import type tls from 'node:tls';
import type aws4 from 'aws4';
import type { Client } from 'pg';

/**
 * Modules that take milliseconds to load: `tls` and `pg` load while packets are under way instead of before the first
 * one is sent, and the others only where they are needed. The person who signs up waits for a cold start.
 */
export const onDemand = {
  tls: () => require('node:tls') as typeof tls,
  aws4: () => require('aws4') as typeof aws4,
  crypto: () => require('node:crypto') as typeof crypto,
  /** Plain HTTP is for endpoints on the machine itself, as emulators are. */
  request: (protocol: string) => httpModule(protocol).request,
  agent: (protocol: string) => httpModule(protocol).Agent,
};

function httpModule(protocol: string): typeof https {
  return require(protocol === 'http:' ? 'node:http' : 'node:https');
}

/** Without the pool and the native binding that `pg` itself would load. Apart from the others: who does not ask for it has no `pg` in the bundle. */
export const pgClient = () => require('pg/lib/client') as typeof Client;

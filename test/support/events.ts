import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CognitoTriggerEvent } from '../../lambda-src/sources/trigger-event';

/** A trigger event as Cognito sends it: any field that a test adds, it may read back. */
export interface RecordedEvent extends CognitoTriggerEvent {
  readonly version: string;
  readonly response: object;
  readonly request: { userAttributes: Record<string, string>; clientMetadata?: Record<string, string> };
}

/** One of the files in test/events, read anew each time, so that nobody's changes reach another test. */
export function recordedEvent(name: string): RecordedEvent {
  return JSON.parse(readFileSync(join(__dirname, '..', 'events', `${name}.json`), 'utf8'));
}

/** A confirmed sign-up with these attributes. */
export function confirmedSignUp(userAttributes: Record<string, string>): RecordedEvent {
  return { ...recordedEvent('PostConfirmation_ConfirmSignUp'), request: { userAttributes } };
}

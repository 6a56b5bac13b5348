/** All that was asked for is done. */
export const DONE = 0;
/** Some of it could not be done. */
export const PARTLY = 1;
/** What was looked at has errors. */
export const FAULTY = 1;
/** Wrong arguments, or the queue or database could not even be looked at. */
export const FAILED = 2;
/** As shells have it: 128 and the number of the signal. */
export const INTERRUPTED = { SIGINT: 130, SIGTERM: 143 } as const;

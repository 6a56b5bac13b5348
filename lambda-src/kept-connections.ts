import type { Agent } from 'node:http';
import { onDemand } from './on-demand';

/** For the requests of one call. */
export type KeptConnections = Agent;

/**
 * Connections are kept for the next request, and for no longer than the work takes: Lambda freezes the environment
 * afterwards, and they would die without anybody noticing.
 *
 * @param protocol `https:` or `http:`
 */
export async function keepingConnections<T>(protocol: string, work: (connections: KeptConnections) => Promise<T>): Promise<T> {
  const agent = new (onDemand.agent(protocol))({ keepAlive: true });
  try {
    return await work(agent);
  } finally {
    agent.destroy();
  }
}

import type { CheckProperties, TablePlan } from '../../src/private/plan';
import { customResource } from '../cloudformation/custom-resource';
import { unlessRollingBack } from '../cloudformation/rollback';
import type { Deadline } from '../deadline';
import { logToStandardOutput } from '../delivery/log';
import { loggedError } from '../delivery/logged-error';
import { administratorIn } from '../deployment/administrator';
import { DeploymentError } from '../deployment/deployment-error';
import { inspect } from '../deployment/inspection';
import { errorReport } from '../deployment/report';

const PATIENCE_MILLIS = 60_000;

/**
 * Stands for the check in a template: has the login created where that is asked for, and the table looked at. Nothing is
 * undone on deletion: a login that was created may be somebody else's by now.
 */
export const handler = customResource(async (request) => {
  const { requestType, logicalResourceId, physicalResourceId = logicalResourceId, properties, deadline } = request;
  if (requestType !== 'Delete') await unlessRollingBack(request, () => checked(properties as unknown as CheckProperties, deadline));
  return { physicalResourceId };
});

/** @throws UserSyncError where the deployment is to fail */
async function checked({ Mode, Inspector, Administrator, Checked }: CheckProperties, deadline: Deadline): Promise<void> {
  const administrator = Administrator === undefined ? undefined : await administratorIn(Administrator);
  const { findings, creationError } = await inspect(Inspector, { administrator, patienceMillis: PATIENCE_MILLIS }, deadline).catch((error) => {
    if (administrator || Mode === 'fail') throw error;
    logToStandardOutput({ level: 'ERROR', message: 'the table could not be checked', error: loggedError(error) });
    return { findings: [], creationError: undefined };
  });
  // Without it no user is ever written, whatever the check is for.
  if (creationError !== undefined) throw new DeploymentError(`the login could not be created: ${creationError}`);
  for (const { severity, ...finding } of findings) logToStandardOutput({ level: severity === 'error' ? 'ERROR' : 'WARN', ...finding });
  const isWrong = findings.some(({ severity }) => severity === 'error');
  logToStandardOutput({ level: 'INFO', message: `the check found ${findings.length === 0 ? 'nothing wrong' : `${findings.length} ${findings.length === 1 ? 'thing' : 'things'} to look at`}` });
  if (isWrong && Mode === 'fail') throw new DeploymentError(errorReport(findings, tableIn(Checked)));
}

function tableIn(plan: string): string {
  const { database } = JSON.parse(plan) as { database: TablePlan };
  return database.table;
}

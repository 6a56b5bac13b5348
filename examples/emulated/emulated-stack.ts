import { emulatedFunction } from './functions';
import { type Authorize, type ServiceName, startGate } from './gate';
import { letsCognitoIn, nameIn, roleAllows } from './iam';
import { resolve, type References } from './intrinsics';
import { emulations, type Attributes } from './resources';
import { type EmulatedServices, startServices } from './services';
import { idsOf, onlyIdOf, type SynthesisedStack, type Template } from './template';
import type { Cleanup } from '../../demo/cleanup';
import { STACK_ID } from '../../test/support/cloudformation';
import type { Cognito } from '../../test/support/cognito';
import { eventSourceMapping, type EventSourceMapping } from '../../test/support/event-source-mapping';
import { startLambdaEndpoint } from '../../test/support/lambda-endpoint';
import type { LambdaFunction } from '../../test/support/lambda-function';

const PSEUDO_PARAMETERS: Readonly<Record<string, string>> = {
  'AWS::Region': 'eu-west-1',
  'AWS::AccountId': '111122223333',
  'AWS::Partition': 'aws',
  'AWS::URLSuffix': 'amazonaws.com',
  'AWS::StackName': 'App',
  'AWS::StackId': STACK_ID,
};

/** What Lambda needs of a queue's consumer: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html#events-sqs-permissions */
const POLLING = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'];

/** The access key that cognito-local signs with. */
const COGNITO = 'local';

/**
 * A synthesised stack, deployed to emulators: what its template wires together is wired together here, and its functions
 * run with the code, the handler, the environment and the permissions that it gives them. A resource comes into being when
 * something refers to it, so that the order is CloudFormation's. Networks are not emulated.
 */
export class EmulatedStack {
  static async deploy(synthesised: SynthesisedStack, cleanup: Cleanup): Promise<EmulatedStack> {
    const services = await startServices(cleanup);
    const stack = new EmulatedStack(synthesised, services, cleanup);
    const lambda = await startLambdaEndpoint(...idsOf(synthesised.template, 'AWS::Lambda::Function').map((name) => (
      { name, invoke: async (...event: Parameters<LambdaFunction['invoke']>) => (await stack.function(name)).invoke(...event) }
    )));
    cleanup.add(() => lambda.stop());
    services.addresses.set('LAMBDA', lambda.url);
    return stack;
  }

  /** Of the deployment, by name. */
  readonly parameters: Record<string, string> = {};
  /** Whoever asked for something that no policy of the template allows. */
  readonly refused: string[] = [];
  private readonly deployed = new Map<string, Promise<Attributes>>();
  private readonly functions = new Map<string, Promise<LambdaFunction>>();
  private readonly gates = new Map<ServiceName, Promise<string>>();
  private readonly references: References = { ref: (name) => this.ref(name), attribute: (id, name) => this.attribute(id, name) };

  private constructor(readonly synthesised: SynthesisedStack, readonly services: EmulatedServices, readonly cleanup: Cleanup) {}

  resolve(value: unknown): Promise<any> {
    return resolve(value, this.references);
  }

  /** An output of the stack: all that a client of it knows. */
  async output(name: string): Promise<string> {
    const { Outputs = {} } = this.template;
    if (!Outputs[name]) throw new Error(`got no output ${name}, expected one of ${Object.keys(Outputs).join(', ')}`);
    return this.resolve(Outputs[name].Value);
  }

  /** The user pool, and what its users do. */
  async users(): Promise<Cognito> {
    return (await this.attributesOf(onlyIdOf(this.template, 'AWS::Cognito::UserPool'))).emulator as Cognito;
  }

  /** What Lambda does between the queue and the consumer. */
  async queue(): Promise<EventSourceMapping> {
    const { EventSourceArn, FunctionName } = this.template.Resources[onlyIdOf(this.template, 'AWS::Lambda::EventSourceMapping')].Properties;
    const [arn, consumer] = [await this.resolve(EventSourceArn), nameIn(await this.resolve(FunctionName))];
    for (const action of POLLING) await this.authorize(consumer, { action, resource: arn });
    const url = `${this.services.sqs.url}/${arn.split(':').slice(-2).join('/')}`;
    return eventSourceMapping({ sqs: this.services.sqs, queue: { url, arn }, consumer: await this.function(consumer) });
  }

  /** Loaded when it is first invoked, as Lambda does it. */
  function(id: string): Promise<LambdaFunction> {
    return remembered(this.functions, id, () => emulatedFunction(this, id));
  }

  /** All that the functions have written. */
  async logs(): Promise<string[]> {
    const started = await Promise.allSettled(this.functions.values());
    return started.flatMap((each) => (each.status === 'fulfilled' ? each.value.log : []));
  }

  attributesOf(id: string): Promise<Attributes> {
    return remembered(this.deployed, id, () => {
      const { Type, Properties } = this.template.Resources[id];
      return (emulations[Type] ?? onlyNames)(this, id, Properties);
    });
  }

  /** Where a service is for whoever must be let in. */
  gateTo(service: ServiceName): Promise<string> {
    return remembered(this.gates, service, async () => {
      const gate = await startGate(service, this.services.addresses.get(service)!, this.authorize);
      this.cleanup.add(() => gate.stop());
      return gate.url;
    });
  }

  private readonly authorize: Authorize = async (caller, access) => {
    const isAllowed = caller === COGNITO
      ? await letsCognitoIn(this.template, this.references, nameIn(access.resource))
      : await roleAllows(this.template, this.references, caller, access);
    if (!isAllowed) this.refused.push(`${caller} may not do ${access.action} with ${access.resource}`);
    return isAllowed;
  };

  private get template(): Template {
    return this.synthesised.template;
  }

  private async ref(name: string): Promise<unknown> {
    if (name in PSEUDO_PARAMETERS) return PSEUDO_PARAMETERS[name];
    const { Parameters = {}, Resources } = this.template;
    if (name in Resources) return (await this.attributesOf(name)).Ref ?? name;
    return this.parameters[name] ?? Parameters[name]?.Default ?? missing(`value of parameter ${name}`);
  }

  private async attribute(id: string, name: string): Promise<unknown> {
    return (await this.attributesOf(id))[name] ?? missing(`emulation of attribute ${name} of ${id} (${this.template.Resources[id]?.Type})`);
  }
}

/** Of what is not emulated: any text will do where nobody looks at it. */
async function onlyNames(_stack: EmulatedStack, id: string): Promise<Attributes> {
  return new Proxy({}, { get: (_, attribute) => (typeof attribute === 'string' && attribute !== 'then' ? `${id}.${attribute}` : undefined) });
}

function remembered<Key, Value>(known: Map<Key, Promise<Value>>, key: Key, make: () => Promise<Value>): Promise<Value> {
  const made = known.get(key) ?? make();
  known.set(key, made);
  return made;
}

function missing(what: string): never {
  throw new Error(`got no ${what}, expected one: see examples/emulated/`);
}

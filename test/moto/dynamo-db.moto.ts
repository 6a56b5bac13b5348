import { startMoto, type Moto } from './moto';
import { dynamoDbCases } from '../stores/dynamo-db/cases';
import { dynamoDbAt, type DynamoDb } from '../support/dynamo-db';

let moto: Moto;
let dynamoDb: DynamoDb;

beforeAll(async () => {
  moto = await startMoto();
  dynamoDb = dynamoDbAt(moto.url);
});
afterAll(async () => {
  dynamoDb?.client.destroy();
  await moto?.stop();
});

dynamoDbCases(() => dynamoDb, { takesEmptyKeys: true, takesEmptyIndexKeys: true });

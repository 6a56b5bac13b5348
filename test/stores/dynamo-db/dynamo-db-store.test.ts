import { dynamoDbCases } from './cases';
import { startDynamoDb, type Dynalite } from '../../support/dynamo-db';

let dynamoDb: Dynalite;
beforeAll(async () => { dynamoDb = await startDynamoDb(); });
afterAll(() => dynamoDb?.stop());

dynamoDbCases(() => dynamoDb, { comparesNoDocuments: true, takesEmptyIndexKeys: true });

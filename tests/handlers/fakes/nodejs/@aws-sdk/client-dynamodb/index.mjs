// Stands for this client of the AWS SDK: writes each command down and gives the reply of the test case.

import { service } from "../../recorder.mjs";

const fake = service("dynamodb", ["GetItem", "PutItem", "UpdateItem", "DeleteItem", "Query", "Scan"]);
export const DynamoDBClient = fake.Client;
export const { GetItemCommand, PutItemCommand, UpdateItemCommand, DeleteItemCommand, QueryCommand, ScanCommand } = fake;

// Stands for this client of the AWS SDK: writes each command down and gives the reply of the test case.

import { service } from "../../recorder.mjs";

const fake = service("sns", ["Publish"]);
export const SNSClient = fake.Client;
export const { PublishCommand } = fake;

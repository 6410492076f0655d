// Stands for this client of the AWS SDK: writes each command down and gives the reply of the test case.

import { service } from "../../recorder.mjs";

const fake = service("s3", ["GetObject", "PutObject"]);
export const S3Client = fake.Client;
export const { GetObjectCommand, PutObjectCommand } = fake;

// Invokes the adapter in the current folder once, as Lambda does: the event comes in on standard input.

import { readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const native = {
  functionName: process.env.TEST_FUNCTION,
  awsRequestId: "c6af9ac6-7b61-11e6-9a41-93e8deadbeef",
  getRemainingTimeInMillis: () => 9000,
};
const { handler } = await import(pathToFileURL("isobar_adapter.mjs"));
let answer;
try {
  answer = { answer: (await handler(JSON.parse(readFileSync(0)), native)) ?? null };
} catch (error) {
  answer = { raised: `${error.constructor.name}: ${error.message}` };
}
writeFileSync(process.env.TEST_ANSWER, JSON.stringify(answer));

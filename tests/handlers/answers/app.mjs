// Logs the events that it gets, and returns what the test says.

export function handle(events) {
  console.log(JSON.stringify(events));
  return JSON.parse(process.env.TEST_RETURN);
}

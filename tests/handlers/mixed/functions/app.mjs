// Says what came; an event carries the answer to give.

/** Answers a request with what is known of it. */
export function handler(events) {
  const [{ type, data }] = events;
  if (type === "http.request") {
    const { method, path, params, identity, headers } = data;
    return { status: 200, body: { method, path, params, identity, marked: "isobar-route" in headers } };
  }
  const came = events.map((event) => ({ type: event.type, data: event.data }));
  process.stderr.write(`${JSON.stringify({ came })}\n`);
  return data?.answer;
}

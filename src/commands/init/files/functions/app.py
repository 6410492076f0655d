"""Notes. A handler gets a list of CloudEvents, the same on every target."""

import json

import ports


def write(events, context):
    """POST /notes: hands a note over to be kept."""
    note = events[0]["data"]["body"]
    if not isinstance(note, dict) or not all(isinstance(note.get(name), str) and note[name] for name in ("noteId", "text")):
        return {"status": 400, "body": {"error": "a note has a noteId and a text"}}
    id = note["noteId"]
    ports.send("inbox", {
        "specversion": "1.0", "type": "note.written", "id": f"written-{id}", "source": f"/{context.function}",
        "partitionkey": id, "datacontenttype": "application/json", "data": note,
    })
    return {"status": 202, "body": {"noteId": id}}


def keep(events, _context):
    """Keeps notes, each on its own: those whose ids are returned come again."""
    failed = []
    for event in events:
        try:
            ports.put("notes", "noteId", event["data"])
        except Exception as error:
            print(json.dumps({"level": "error", "message": repr(error), "event": event["id"]}))
            failed.append(event["id"])
    return failed


def read(events, _context):
    """GET /notes/{noteId}."""
    note = ports.get("notes", "noteId", events[0]["data"]["params"]["noteId"])
    return note or {"status": 404, "body": {"error": "there is no such note"}}

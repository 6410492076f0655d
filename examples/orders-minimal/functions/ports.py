"""The resources of a function by the names of its specification, on whatever serves them.

`table("orders")` reads ISOBAR_ORDERS_KIND and its neighbours and gives an object with the same methods everywhere.
Clients are imported when first used, so that a package needs only those of the platform it runs on.
"""

import functools
import json
import os
import time
import urllib.error
import urllib.parse
import urllib.request


def binding(name, attribute):
    """An attribute of a resource, such as its KIND, NAME or URL."""
    return os.environ[f"ISOBAR_{name.upper().replace('-', '_')}_{attribute}"]


def event(type, id, data, source, key=None):
    """A CloudEvent whose id is made from what happened, so that sending it again gives the same event."""
    known = {"specversion": "1.0", "type": type, "id": id, "source": f"/{source}", "time": _now_text()}
    return {**known, **({"partitionkey": key} if key else {}), "datacontenttype": "application/json", "data": data}


def table(name, *key):
    """A table whose rows are told apart by these attributes."""
    return {"dynamodb": _DynamoTable, "dapr": _DaprTable}[binding(name, "KIND")](name, key)


def queue(name):
    return {"sqs": _SqsQueue, "kafka": _KafkaQueue}[binding(name, "KIND")](name)


def bus(name):
    return {"eventbridge": _EventBridgeBus, "knative-broker": _Broker}[binding(name, "KIND")](name)


def bucket(name):
    return _Bucket(name)


def secret(name):
    """The text of a secret."""
    if binding(name, "KIND") == "file":
        with open(binding(name, "PATH"), encoding="utf-8") as file:
            return file.read().strip()
    return _aws("secretsmanager").get_secret_value(SecretId=binding(name, "ID"))["SecretString"]


def external(name):
    """The address of a host outside."""
    return binding(name, "URL")


class Missing(Exception):
    """There is no row with this key."""


class Busy(Exception):
    """Another invocation works on the same key; the platform delivers again later."""


def once(event, context, work):
    """Runs `work()` once per idempotency key of an event, and gives its answer again to repetitions.

    The key is taken by a conditional write that compares times itself, because a store may delete expired rows late.
    It is held for the time the function has left, so that a crashed invocation gives it up.
    """
    store, now = table("idempotency", "id"), int(time.time())
    id = f"{os.environ['ISOBAR_IDEMPOTENCY_PREFIX']}{event['type']}#{idempotency_key(event)}"
    row = {"id": id, "ttl": now + int(os.environ["ISOBAR_IDEMPOTENCY_WINDOW"])}
    known = store.claim({**row, "lock": now + context.deadline_ms() // 1000 + 1, "done": False}, now)
    if known is not None and known["done"]:
        return json.loads(known["answer"])
    if known is not None:
        raise Busy(id)
    try:
        answer = work()
    except Exception:
        store.put({**row, "lock": 0, "done": False})
        raise
    store.put({**row, "done": True, "answer": json.dumps(answer)})
    return answer


def idempotency_key(event):
    """What the declared key names in an event; a KeyError where it is missing."""
    form, data = os.environ["ISOBAR_IDEMPOTENCY_KEY"], event.get("data")
    kind, _, name = form.partition(":")
    if kind == "event":
        return f"{event['source']}#{event['id']}"
    if kind in ("header", "path"):
        return data["headers" if kind == "header" else "params"][name.lower() if kind == "header" else name]
    value = data["body"] if event["type"] == "http.request" else data
    for step in form.split("/")[1:]:
        step = step.replace("~1", "/").replace("~0", "~")
        value = value[int(step) if isinstance(value, list) else step]
    return str(value)


@functools.lru_cache(maxsize=None)
def _aws(service):
    import boto3

    return boto3.client(service)


@functools.lru_cache(maxsize=None)
def _s3(url, folder):
    """A client of a store in the cluster: it is told where and as whom, and has no names for buckets."""
    import boto3
    from botocore.config import Config

    secrets = {}
    for name in ("aws_access_key_id", "aws_secret_access_key"):
        with open(f"{folder}/{name.upper()}", encoding="utf-8") as file:
            secrets[name] = file.read().strip()
    return boto3.client("s3", endpoint_url=url, region_name="us-east-1",
                        config=Config(s3={"addressing_style": "path"}), **secrets)


def _now_text():
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time()))


def _packed(value):
    """A value as DynamoDB types it."""
    if value is None:
        return {"NULL": True}
    if isinstance(value, bool):
        return {"BOOL": value}
    if isinstance(value, (int, float)):
        return {"N": str(value)}
    if isinstance(value, str):
        return {"S": value}
    if isinstance(value, list):
        return {"L": [_packed(each) for each in value]}
    return {"M": {name: _packed(each) for name, each in value.items()}}


def _unpacked(typed):
    ((kind, value),) = typed.items()
    if kind == "N":
        return float(value) if "." in value else int(value)
    if kind == "L":
        return [_unpacked(each) for each in value]
    if kind == "M":
        return _row(value)
    return None if kind == "NULL" else value


def _row(item):
    return {name: _unpacked(value) for name, value in item.items()}


class _DynamoTable:
    def __init__(self, name, key):
        self.name, self.key, self.client = binding(name, "NAME"), key, _aws("dynamodb")

    def get(self, key):
        """The row, or None."""
        found = self.client.get_item(TableName=self.name, Key=_packed(key)["M"]).get("Item")
        return found and _row(found)

    def put(self, row):
        self.client.put_item(TableName=self.name, Item=_packed(row)["M"])

    def add(self, row):
        """Puts a row unless its key is there; then the row that is there."""
        return self._put_if(row, "attribute_not_exists(#k)", {"#k": self.key[0]}, {})

    def claim(self, row, now):
        """Puts a record unless a live one is there; then that one."""
        unless = "attribute_not_exists(id) OR #ttl < :now OR (#done = :no AND #lock < :now)"
        names, values = {"#ttl": "ttl", "#done": "done", "#lock": "lock"}, {":now": now, ":no": False}
        return self._put_if(row, unless, names, values)

    def _put_if(self, row, condition, names, values):
        more = {"ExpressionAttributeValues": _packed(values)["M"]} if values else {}
        try:
            self.client.put_item(TableName=self.name, Item=_packed(row)["M"], ConditionExpression=condition,
                                 ExpressionAttributeNames=names, ReturnValuesOnConditionCheckFailure="ALL_OLD", **more)
        except self.client.exceptions.ConditionalCheckFailedException as error:
            return _row(error.response["Item"])
        return None

    def update(self, key, changes, when):
        """Changes a row whose attributes equal those of `when` (None: absent). The row, or None where they do not."""
        # Without the first test an update would make the row that is missing.
        names, values, sets, tests = {"#k": self.key[0]}, {}, [], ["attribute_exists(#k)"]
        for at, (name, value) in enumerate([*changes.items(), *when.items()]):
            names[f"#n{at}"] = name
            if at < len(changes):
                values[f":v{at}"] = value
                sets.append(f"#n{at} = :v{at}")
            elif value is None:
                tests.append(f"attribute_not_exists(#n{at})")
            else:
                values[f":v{at}"] = value
                tests.append(f"#n{at} = :v{at}")
        try:
            changed = self.client.update_item(
                TableName=self.name, Key=_packed(key)["M"], UpdateExpression="SET " + ", ".join(sets),
                ConditionExpression=" AND ".join(tests), ExpressionAttributeNames=names,
                ExpressionAttributeValues=_packed(values)["M"], ReturnValues="ALL_NEW",
                ReturnValuesOnConditionCheckFailure="ALL_OLD")
        except self.client.exceptions.ConditionalCheckFailedException as error:
            if "Item" not in error.response:
                raise Missing(key) from None
            return None
        return _row(changed["Attributes"])

    def query(self, index, name, value):
        """All rows of one key of an index."""
        return self._pages(self.client.query, IndexName=index, KeyConditionExpression="#n = :v",
                           ExpressionAttributeNames={"#n": name}, ExpressionAttributeValues={":v": _packed(value)})

    def scan(self):
        return self._pages(self.client.scan)

    def _pages(self, operation, **wanted):
        while True:
            page = operation(TableName=self.name, **wanted)
            yield from map(_row, page["Items"])
            if "LastEvaluatedKey" not in page:
                return
            wanted["ExclusiveStartKey"] = page["LastEvaluatedKey"]


class _DaprTable:
    def __init__(self, name, key):
        self.name, self.key, self.url = binding(name, "NAME"), key, binding(name, "URL")

    def get(self, key):
        """The row, or None."""
        return self._read(key)[0]

    def put(self, row):
        self._write(row, None, "last-write")

    def add(self, row):
        """Puts a row unless its key is there; then the row that is there."""
        return None if self._write(row, None, "first-write") else self._read(row)[0]

    def claim(self, row, now):
        """Puts a record unless a live one is there; then that one."""
        if self._write(row, None, "first-write"):
            return None
        known, etag = self._read(row)
        is_free = known is None or known["ttl"] < now or (not known["done"] and known["lock"] < now)
        if not is_free:
            return known
        return None if self._write(row, etag, "first-write") else {"done": False}

    def update(self, key, changes, when):
        """Changes a row whose attributes equal those of `when` (None: absent). The row, or None where they do not."""
        for _ in range(5):
            row, etag = self._read(key)
            if row is None:
                raise Missing(key)
            if any(row.get(name) != value for name, value in when.items()):
                return None
            row = {**row, **changes}
            if self._write(row, etag, "first-write"):
                return row
        raise Busy(key)

    def query(self, _index, name, value):
        """All rows of one key of an index."""
        return self._find({"EQ": {name: value}})

    def scan(self):
        return self._find({})

    def _find(self, condition):
        wanted = {"filter": condition, "page": {"limit": 100}}
        while True:
            answer = request("POST", f"{self.url}/v1.0-alpha1/state/{self.name}/query", wanted)[1]
            yield from (found["data"] for found in answer["results"])
            if not answer.get("token"):
                return
            wanted["page"]["token"] = answer["token"]

    def _id(self, row):
        return "#".join(str(row[name]) for name in self.key)

    def _read(self, key):
        url = f"{self.url}/v1.0/state/{self.name}/{urllib.parse.quote(self._id(key), safe='')}"
        _, row, headers = request("GET", url)
        return row, headers.get("etag")

    def _write(self, row, etag, concurrency):
        """Whether nobody wrote in between."""
        entry = {"key": self._id(row), "value": row, "options": {"concurrency": concurrency}}
        if etag:
            entry["etag"] = etag
        if "ttl" in row:
            entry["metadata"] = {"ttlInSeconds": str(max(1, row["ttl"] - int(time.time())))}
        return request("POST", f"{self.url}/v1.0/state/{self.name}", [entry], refused=(409,))[0] != 409


class _SqsQueue:
    def __init__(self, name):
        self.url = binding(name, "URL")

    def send(self, event):
        ordered = {"MessageGroupId": event["partitionkey"], "MessageDeduplicationId": event["id"]}
        _aws("sqs").send_message(QueueUrl=self.url, MessageBody=json.dumps(event),
                                 **(ordered if self.url.endswith(".fifo") else {}))


class _EventBridgeBus:
    def __init__(self, name):
        self.name = binding(name, "NAME")

    def emit(self, event):
        entry = {"EventBusName": self.name, "Source": event["source"], "DetailType": event["type"],
                 "Detail": json.dumps(event)}
        answer = _aws("events").put_events(Entries=[entry])
        if answer["FailedEntryCount"]:
            raise RuntimeError(answer["Entries"][0].get("ErrorMessage", "the bus refused the event"))


class _KafkaQueue:
    def __init__(self, name):
        self.topic, self.producer = binding(name, "NAME"), _producer(binding(name, "URL"), binding(name, "PATH"))

    def send(self, event):
        kept = event.get("partitionkey", event["id"]).encode()
        headers = [("content-type", b"application/cloudevents+json; charset=UTF-8")]
        # Waiting for the broker's answer: what is not yet written must not be reported as sent.
        self.producer.send(self.topic, key=kept, value=json.dumps(event).encode(), headers=headers).get(timeout=10)


@functools.lru_cache(maxsize=None)
def _producer(servers, folder):
    from kafka import KafkaProducer

    return KafkaProducer(bootstrap_servers=servers.split(","), acks="all", security_protocol="SSL",
                         ssl_cafile=f"{folder}/ca.crt", ssl_certfile=f"{folder}/user.crt",
                         ssl_keyfile=f"{folder}/user.key")


class _Broker:
    def __init__(self, name):
        self.url = binding(name, "URL")

    def emit(self, event):
        request("POST", self.url, event, {"content-type": "application/cloudevents+json"})


class _Bucket:
    def __init__(self, name):
        self.name, own = binding(name, "NAME"), f"ISOBAR_{name.upper().replace('-', '_')}"
        url, folder = os.environ.get(f"{own}_URL"), os.environ.get(f"{own}_PATH")
        self.client = _s3(url, folder) if url else _aws("s3")

    def get(self, key):
        """The content of an object."""
        return self.client.get_object(Bucket=self.name, Key=key)["Body"].read()


def request(method, url, body=None, headers=None, refused=()):
    """Status, JSON and headers of an answer; an error status raises unless it is expected."""
    data = None if body is None else json.dumps(body).encode()
    asked = urllib.request.Request(url, data, {"content-type": "application/json", **(headers or {})}, method=method)
    try:
        with urllib.request.urlopen(asked, timeout=10) as answer:
            text = answer.read()
            return answer.status, json.loads(text) if text else None, answer.headers
    except urllib.error.HTTPError as error:
        if error.code in refused:
            return error.code, None, error.headers
        raise

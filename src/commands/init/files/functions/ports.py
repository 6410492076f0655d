"""The resources of a function by the names of isobar.yaml, on whatever serves them.

Every target gives a function the variables ISOBAR_<NAME>_KIND, _NAME, _URL … of what it uses; `isobar explain
functions.write` lists them. Clients are imported when first used, so that a package needs only those of its platform.
"""

import functools
import json
import os
import urllib.error
import urllib.parse
import urllib.request


def binding(name, attribute):
    return os.environ[f"ISOBAR_{name.upper().replace('-', '_')}_{attribute}"]


def put(table, key, row):
    """Keeps a row of texts under its key."""
    if binding(table, "KIND") == "dynamodb":
        item = {name: {"S": value} for name, value in row.items()}
        _aws("dynamodb").put_item(TableName=binding(table, "NAME"), Item=item)
    else:
        _http("POST", _state(table), [{"key": row[key], "value": row}])


def get(table, key, value):
    """The row with a key, or None."""
    if binding(table, "KIND") == "dynamodb":
        found = _aws("dynamodb").get_item(TableName=binding(table, "NAME"), Key={key: {"S": value}}).get("Item")
        return found and {name: typed["S"] for name, typed in found.items()}
    return _http("GET", f"{_state(table)}/{urllib.parse.quote(value, safe='')}")


def send(queue, event):
    """Sends a CloudEvent to a queue."""
    if binding(queue, "KIND") == "sqs":
        _aws("sqs").send_message(QueueUrl=binding(queue, "URL"), MessageBody=json.dumps(event))
    else:
        headers = [("content-type", b"application/cloudevents+json; charset=UTF-8")]
        producer = _kafka(binding(queue, "URL"), binding(queue, "PATH"))
        # Waiting for the broker's answer: what is not yet written must not be reported as sent.
        sent = producer.send(binding(queue, "NAME"), key=event["partitionkey"].encode(),
                             value=json.dumps(event).encode(), headers=headers)
        sent.get(timeout=10)


@functools.lru_cache(maxsize=None)
def _aws(service):
    import boto3

    return boto3.client(service)


@functools.lru_cache(maxsize=None)
def _kafka(servers, folder):
    from kafka import KafkaProducer

    return KafkaProducer(bootstrap_servers=servers.split(","), acks="all", security_protocol="SSL",
                         ssl_cafile=f"{folder}/ca.crt", ssl_certfile=f"{folder}/user.crt",
                         ssl_keyfile=f"{folder}/user.key")


def _state(table):
    return f"{binding(table, 'URL')}/v1.0/state/{binding(table, 'NAME')}"


def _http(method, url, body=None):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"content-type": "application/json"}, method=method)
    with urllib.request.urlopen(request, timeout=10) as answer:
        text = answer.read()
        return json.loads(text) if text else None

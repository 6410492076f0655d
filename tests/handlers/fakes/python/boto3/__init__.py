"""Stands for the AWS SDK: writes each operation down and gives the reply of the test case."""

import io

from recorder import call


class ConditionalCheckFailedException(Exception):
    """A condition of a write did not hold."""

    def __init__(self, response):
        super().__init__("The conditional request failed")
        self.response = response


class _Exceptions:
    ConditionalCheckFailedException = ConditionalCheckFailedException


class _Client:
    exceptions = _Exceptions

    def __init__(self, service):
        self._service = service

    def __getattr__(self, operation):
        name = f"{self._service}:{''.join(part.capitalize() for part in operation.split('_'))}"

        def run(**request):
            reply = call(name, request) or {}
            if reply.get("error") == "ConditionalCheckFailedException":
                raise ConditionalCheckFailedException({k: v for k, v in reply.items() if k != "error"})
            if "error" in reply:
                raise RuntimeError(reply["error"])
            if name == "s3:GetObject":
                return {"Body": io.BytesIO(reply["Body"].encode())}
            if name == "events:PutEvents":
                return {"FailedEntryCount": 0, "Entries": [], **reply}
            return reply

        return run


def client(service, **_options):
    """A client whose every method is there."""
    return _Client(service)

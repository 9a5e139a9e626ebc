"""The vendors' gRPC APIs: a server of its own behind the simulator's port, started when the first client comes."""

from __future__ import annotations

import asyncio
from asyncio import Transport
from collections import OrderedDict
from collections.abc import Callable, Sequence
from functools import partial
from importlib import import_module
from operator import attrgetter
from typing import Any, Final

from ..media.worker_thread import result_of
from .connections import Connections
from .engine import Engine
from .grpc_player import Messages, play, play_whole
from .request import Request, without_secrets
from .vendor import Path, Rpc, Vendor

_MOST_CLIENTS: Final = 10_000
_MAX_MESSAGE_BYTES: Final = 256 * 2**20


class GrpcServer:
    """Serves the `Vendor.rpcs` of all vendors in the event loop that first asks for its port.

    Args:
        engine: Decides the answers.
        served: The APIs.
        connections: Is told of every answer.
        keep: Is given every request.
        place: Returns host and port of the simulator, which handlers find where HTTP has them: in ``host``.
    """

    def __init__(
        self,
        engine: Engine,
        served: Sequence[Vendor],
        connections: Connections,
        keep: Callable[[Request], None],
        place: Callable[[], str],
    ) -> None:
        self._served = served
        self._engine, self._connections, self._keep, self._place = engine, connections, keep, place
        self._starting: asyncio.Task[tuple[Any, int]] | None = None
        self._clients: OrderedDict[int, Transport] = OrderedDict()

    async def port(self) -> int:
        """Return where it listens, on loopback.

        Raises:
            ImportError: The libraries of a vendor's API are not installed.
        """
        if self._starting is None:
            self._starting = asyncio.get_running_loop().create_task(self._start(), name="massgen_stream simulator gRPC")
        _, port = await result_of(self._starting)
        return port

    def introduce(self, port: int, client: Transport) -> None:
        """Whatever comes from *port* comes from that client."""
        self._clients[port] = client
        while len(self._clients) > _MOST_CLIENTS:
            self._clients.popitem(last=False)

    async def aclose(self) -> None:
        """End every call, and stop."""
        starting, self._starting = self._starting, None
        if starting is None:
            return
        await asyncio.wait({starting})
        if not starting.cancelled() and starting.exception() is None:
            server, _ = starting.result()
            await server.stop(None)

    async def _start(self) -> tuple[Any, int]:
        served = [(vendor, rpc) for vendor in self._served for rpc in vendor.rpcs()]
        loop = asyncio.get_running_loop()
        modules = {rpc.module for _, rpc in served}
        grpc = await loop.run_in_executor(None, import_module, "grpc.aio")
        json_format = await loop.run_in_executor(None, import_module, "google.protobuf.json_format")
        for module in modules:
            await loop.run_in_executor(None, import_module, module)
        options = [("grpc.max_receive_message_length", _MAX_MESSAGE_BYTES), ("grpc.so_reuseport", 0)]
        options += [("grpc.max_send_message_length", -1), ("grpc.http2.min_ping_interval_without_data_ms", 1000)]
        server = grpc.server(options=options)
        server.add_generic_rpc_handlers(tuple(self._handler(vendor, rpc, json_format) for vendor, rpc in served))
        port = server.add_insecure_port("127.0.0.1:0")
        await server.start()
        return server, port

    def _handler(self, vendor: Vendor, rpc: Rpc, json_format: Any) -> Any:
        grpc, module = import_module("grpc"), import_module(rpc.module)
        request_type, response_type = (attrgetter(name)(module) for name in (rpc.request, rpc.response))
        messages = Messages(json_format, response_type)
        ways: dict[tuple[bool, bool], tuple[Any, Any]] = {
            (False, False): (grpc.unary_unary_rpc_method_handler, self._whole),
            (False, True): (grpc.unary_stream_rpc_method_handler, self._stream),
            (True, False): (grpc.stream_unary_rpc_method_handler, self._gathered),
        }
        new, answer = ways[rpc.gathers, rpc.streams]
        handler = new(partial(answer, vendor, rpc, messages), request_deserializer=request_type.FromString)
        service, _, method = rpc.path.strip("/").partition("/")
        return grpc.method_handlers_generic_handler(service, {method: handler})

    async def _stream(self, vendor: Vendor, rpc: Rpc, messages: Messages, message: Any, context: Any) -> None:
        with self._connections.responding():
            ops = self._ops(vendor, rpc, message.SerializeToString(), messages.document(message), context)
            await play(ops, messages, context, self._client(context))

    async def _whole(self, vendor: Vendor, rpc: Rpc, messages: Messages, message: Any, context: Any) -> bytes:
        with self._connections.responding():
            ops = self._ops(vendor, rpc, message.SerializeToString(), messages.document(message), context)
            return await play_whole(ops, messages, context, self._client(context))

    async def _gathered(self, vendor: Vendor, rpc: Rpc, messages: Messages, incoming: Any, context: Any) -> bytes:
        """Answer a stream of messages when all of it is there."""
        with self._connections.responding():
            body, documents = bytearray(), []
            async for message in incoming:
                body += message.SerializeToString()
                documents.append(messages.document(message))
                if len(body) > _MAX_MESSAGE_BYTES:
                    await context.abort(
                        import_module("grpc").StatusCode.RESOURCE_EXHAUSTED, "The request is too large."
                    )
            ops = self._ops(vendor, rpc, bytes(body), documents, context)
            return await play_whole(ops, messages, context, self._client(context))

    def _ops(self, vendor: Vendor, rpc: Rpc, body: bytes, document: Any, context: Any) -> Any:
        headers = {str(name).lower(): value for name, value in context.invocation_metadata() if isinstance(value, str)}
        request = Request(
            method="POST",
            path=rpc.path,
            headers={"host": self._place(), **without_secrets(headers)},
            body=body,
            json=document,
        )
        self._keep(request)
        return self._engine.respond(vendor, Path("POST", rpc.path, rpc.handle), request, vendor.key(headers))

    def _client(self, context: Any) -> Transport | None:
        return self._clients.get(int(context.peer().rpartition(":")[2]))

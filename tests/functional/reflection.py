"""What a server says of its own services (gRPC reflection), and requests made from nothing but that."""

import itertools
import random

import grpc
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from google.protobuf.descriptor import FieldDescriptor as Field

from client import CALL_TIMEOUT_S

METHOD = "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo"


def _message(file, name, *fields):
    message = file.message_type.add(name=name)
    for number, field, kind, repeated in fields:
        added = message.field.add(name=field, number=number,
                                  label=Field.LABEL_REPEATED if repeated else Field.LABEL_OPTIONAL)
        if isinstance(kind, str):
            added.type, added.type_name = Field.TYPE_MESSAGE, f".reflection.{kind}"
        else:
            added.type = kind


def _reflection_messages():
    """The part of grpc/reflection/v1alpha/reflection.proto that is needed here."""
    file = descriptor_pb2.FileDescriptorProto(name="reflection.proto", package="reflection", syntax="proto3")
    _message(file, "Request", (3, "file_by_filename", Field.TYPE_STRING, False),
             (4, "file_containing_symbol", Field.TYPE_STRING, False), (7, "list_services", Field.TYPE_STRING, False))
    _message(file, "Files", (1, "file_descriptor_proto", Field.TYPE_BYTES, True))
    _message(file, "Service", (1, "name", Field.TYPE_STRING, False))
    _message(file, "Services", (1, "service", "Service", True))
    _message(file, "Response", (4, "file_descriptor_response", "Files", False),
             (6, "list_services_response", "Services", False))
    pool = descriptor_pool.DescriptorPool()
    pool.AddSerializedFile(file.SerializeToString())
    factory = message_factory.MessageFactory(pool)
    return [factory.GetPrototype(pool.FindMessageTypeByName(f"reflection.{name}")) for name in ("Request", "Response")]


Request, Response = _reflection_messages()


class Reflection:
    """The services at the other end of a channel."""

    def __init__(self, channel):
        self.channel = channel
        self.pool = descriptor_pool.DescriptorPool()
        self.factory = message_factory.MessageFactory(self.pool)
        self._files = {}
        names = [service.name for service in self._ask(list_services="*").list_services_response.service]
        for name in names:
            self._load(self._ask(file_containing_symbol=name))
        self.services, self.undescribed = [], set()
        for name in sorted(names):
            try:
                self.services.append(self.pool.FindServiceByName(name))
            except KeyError:
                self.undescribed.add(name)

    def _ask(self, **question):
        call = self.channel.stream_stream(METHOD, request_serializer=Request.SerializeToString,
                                          response_deserializer=Response.FromString)
        return next(call(iter([Request(**question)]), timeout=CALL_TIMEOUT_S))

    def _load(self, answer):
        for data in answer.file_descriptor_response.file_descriptor_proto:
            file = descriptor_pb2.FileDescriptorProto.FromString(data)
            if file.name in self._files:
                continue
            self._files[file.name] = file
            for needed in file.dependency:
                if needed not in self._files:
                    self._load(self._ask(file_by_filename=needed))
            self.pool.AddSerializedFile(data)

    def message(self, descriptor):
        return self.factory.GetPrototype(descriptor)

    def call(self, method, request, timeout=CALL_TIMEOUT_S):
        """Calls a method with one request. Yields what comes back, and last, when it failed, the error."""
        path = f"/{method.containing_service.full_name}/{method.name}"
        request_type, response_type = self.message(method.input_type), self.message(method.output_type)
        coders = {"request_serializer": request_type.SerializeToString,
                  "response_deserializer": response_type.FromString}
        client, server = streams(method)
        kind = f"{'stream' if client else 'unary'}_{'stream' if server else 'unary'}"
        callable_ = getattr(self.channel, kind)(path, **coders)
        try:
            answer = callable_(iter([request]) if client else request, timeout=timeout)
            yield from answer if server else [answer]
        except grpc.RpcError as error:
            yield error


def streams(method):
    """Whether the client streams, and whether the server does."""
    proto = descriptor_pb2.MethodDescriptorProto()
    method.CopyToProto(proto)
    return proto.client_streaming, proto.server_streaming


class Requests:
    """Requests of a type that could mean something: every field tried with every value that fits its name and kind,
    by itself and beside others.

    `values` gives candidates: by the name of a field, or by the full name of a message."""

    def __init__(self, reflection, values, most=400, seed=1):
        self.reflection = reflection
        self.values = values
        self.most = most
        self.random = random.Random(seed)

    def of(self, descriptor):
        made = {}
        for message in self._all(descriptor, 2):
            made.setdefault(message.SerializeToString(deterministic=True), message)
        messages = list(made.values())
        if len(messages) > self.most:
            # What sets the fewest fields says the most about a single one.
            messages.sort(key=lambda message: len(message.ListFields()))
            head = messages[:self.most // 2]
            messages = head + self.random.sample(messages[self.most // 2:], self.most - len(head))
        return messages

    def _all(self, descriptor, depth):
        kind = self.reflection.message(descriptor)
        yield kind()
        yield from (kind.FromString(data) for data in self.values.get(descriptor.full_name, ()))
        choices = [[(field, value) for value in self._candidates(field, depth)] for field in descriptor.fields]
        for several in range(1, 3):
            for fields in itertools.combinations(choices, several):
                for chosen in itertools.product(*fields):
                    yield self._filled(kind, chosen)

    @staticmethod
    def _filled(kind, chosen):
        message = kind()
        for field, value in chosen:
            if field.label == Field.LABEL_REPEATED:
                getattr(message, field.name).append(value)
            elif field.type == Field.TYPE_MESSAGE:
                getattr(message, field.name).CopyFrom(value)
            else:
                setattr(message, field.name, value)
        return message

    def _candidates(self, field, depth):
        if field.type == Field.TYPE_MESSAGE:
            if depth == 0 or field.message_type.GetOptions().map_entry:
                return []
            return list(itertools.islice(self._all(field.message_type, depth - 1), 60))
        if field.name in self.values:
            return self.values[field.name]
        if field.type == Field.TYPE_BOOL:
            return [True]
        if field.type == Field.TYPE_ENUM:
            return [value.number for value in field.enum_type.values]
        if field.type == Field.TYPE_STRING:
            return self.values["string"]
        if field.type == Field.TYPE_BYTES:
            return [bytes(32)]
        return self.values["number"]

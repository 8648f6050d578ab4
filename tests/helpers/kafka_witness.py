"""Librdkafka as an independent witness of what is in a Kafka broker: a request of JSON a line, an answer a line.

    python kafka_witness.py HOST:PORT
"""

import json
import sys
import time

from confluent_kafka import Consumer, KafkaException, Producer, TopicPartition
from confluent_kafka.admin import (
    AdminClient,
    AlterConfigOpType,
    ConfigEntry,
    ConfigResource,
    NewTopic,
    ResourceType,
)

SECONDS = 20
SERVER = {"bootstrap.servers": sys.argv[1], "reconnect.backoff.max.ms": 300}


def text_of(data):
    return None if data is None else data.decode("utf-8", "surrogateescape")


def bytes_of(text):
    return None if text is None else text.encode("utf-8", "surrogateescape")


def patiently(ask):
    """Just after a topic was made, or a broker came back, not all is known yet."""
    until = time.monotonic() + SECONDS
    while True:
        try:
            return ask()
        except KafkaException:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)


class Witness:
    def __init__(self):
        # no lines on standard error while a broker is down on purpose
        self.quiet = {**SERVER, "log_level": 0}
        self.admin = AdminClient(self.quiet)
        self.eye = self.consumer()
        self.groups = {}
        self.held = {}

    def create(self, topic, partitions=1, config=None):
        made = self.admin.create_topics([NewTopic(topic, partitions, 1, config=config or {})])
        made[topic].result(SECONDS)
        until = time.monotonic() + SECONDS
        while len(self.partitions(topic)) != partitions:
            if time.monotonic() > until:
                raise TimeoutError(f"no topic {topic}")
            time.sleep(0.02)

    def drop(self, topic):
        self.admin.delete_topics([topic])[topic].result(SECONDS)

    def configure(self, topic, config):
        entries = [
            ConfigEntry(name, value, incremental_operation=AlterConfigOpType.SET)
            for name, value in config.items()
        ]
        resource = ConfigResource(ResourceType.TOPIC, topic, incremental_configs=entries)
        self.admin.incremental_alter_configs([resource])[resource].result(SECONDS)

    def partitions(self, topic):
        found = self.admin.list_topics(topic, timeout=SECONDS).topics[topic]
        return sorted(found.partitions) if found.error is None else []

    def produce(self, topic, records, config=None):
        failures = []
        producer = Producer({**self.quiet, "message.max.bytes": 8 << 20, **(config or {})})
        for record in records:
            optional = {name: record[name] for name in ("partition", "timestamp") if name in record}
            producer.produce(
                topic,
                key=bytes_of(record.get("key")),
                value=bytes_of(record["value"]),
                headers=[(name, bytes_of(value)) for name, value in record.get("headers", [])],
                on_delivery=lambda error, _: failures.append(str(error)) if error else None,
                **optional,
            )
            producer.poll(0)
        waiting = producer.flush(SECONDS)
        if waiting or failures:
            raise RuntimeError(f"{waiting} records not taken: {failures[:3]}")

    def transact(self, topic, records, commit):
        """Produces records in a transaction, which is then committed or aborted."""
        producer = Producer({**self.quiet, "transactional.id": topic})
        producer.init_transactions(SECONDS)
        producer.begin_transaction()
        for record in records:
            producer.produce(topic, key=bytes_of(record.get("key")), value=bytes_of(record["value"]))
        producer.flush(SECONDS)
        if commit:
            producer.commit_transaction(SECONDS)
        else:
            producer.abort_transaction(SECONDS)

    def fill(self, topic, file, rows):
        """
        Produces the lines of a file again and again, each with its number as the key, spread over partitions, in a
        transaction, so that nobody reads them before it is committed.
        """
        with open(file, "rb") as lines:
            values = [line.rstrip(b"\n") for line in lines]
        count = len(self.partitions(topic))
        speed = {"linger.ms": 20, "batch.size": 1 << 18, "transaction.timeout.ms": 600_000}
        producer = Producer({**self.quiet, **speed, "transactional.id": topic})
        producer.init_transactions(SECONDS)
        producer.begin_transaction()
        for row in range(rows):
            while True:
                try:
                    producer.produce(topic, key=str(row), value=values[row % len(values)], partition=row % count)
                    break
                except BufferError:
                    producer.poll(0.1)
        if producer.flush(60):
            raise TimeoutError(f"cannot fill {topic}")
        self.held[topic] = producer

    def release(self, topic):
        self.held.pop(topic).commit_transaction(SECONDS)

    def consumer(self, group="witness"):
        return Consumer({**self.quiet, "group.id": group, "enable.auto.commit": False})

    def end(self, topic, partition):
        place = TopicPartition(topic, partition)
        return patiently(lambda: self.eye.get_watermark_offsets(place, timeout=SECONDS)[1])

    def ends(self, topic):
        return [self.end(topic, partition) for partition in self.partitions(topic)]

    def messages(self, topic):
        consumer = self.consumer()
        try:
            ends = {}
            for partition in self.partitions(topic):
                end = self.end(topic, partition)
                if end > 0:
                    ends[partition] = end
            consumer.assign([TopicPartition(topic, partition, 0) for partition in ends])
            until = time.monotonic() + SECONDS
            while ends:
                batch = consumer.consume(10_000, 0.2)
                if batch:
                    until = time.monotonic() + SECONDS
                elif time.monotonic() > until:
                    raise TimeoutError(f"cannot read {topic} to its end")
                for message in batch:
                    if message.error() is not None:
                        raise KafkaException(message.error())
                    yield message
                    if message.offset() + 1 >= ends.get(message.partition(), 0):
                        ends.pop(message.partition(), None)
        finally:
            consumer.close()

    def read(self, topic):
        return [
            {
                "partition": message.partition(),
                "offset": message.offset(),
                "key": text_of(message.key()),
                "value": text_of(message.value()),
                "headers": [[name, text_of(value)] for name, value in message.headers() or []],
                "timestamp": message.timestamp()[1],
            }
            for message in self.messages(topic)
        ]

    def pace(self, topic):
        """How many records a topic has, how many keys, and when the last one was appended."""
        count, keys, last = 0, set(), 0
        for message in self.messages(topic):
            count += 1
            keys.add(message.key())
            last = max(last, message.timestamp()[1])
        return {"records": count, "keys": len(keys), "last": last}

    def committed(self, group, topic):
        # not by the admin client, whose lists of offsets now and then end the whole process
        wanted = [TopicPartition(topic, partition) for partition in self.partitions(topic)]
        if group not in self.groups:
            self.groups[group] = self.consumer(group)
        return [each.offset for each in patiently(lambda: self.groups[group].committed(wanted, timeout=SECONDS))]

    def members(self, group):
        """How many partitions each member of a group has."""
        ask = self.admin.describe_consumer_groups
        found = patiently(lambda: ask([group], request_timeout=SECONDS)[group].result(SECONDS))
        return [len(member.assignment.topic_partitions) for member in found.members]


witness = Witness()
for line in sys.stdin:
    request = json.loads(line)
    try:
        answer = {"result": getattr(witness, request["do"])(**request["with"])}
    except Exception as error:  # whatever it is, the test must hear of it
        answer = {"error": f"{type(error).__name__}: {error}"}
    print(json.dumps(answer), flush=True)

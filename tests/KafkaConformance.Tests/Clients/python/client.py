"""kafka-python as a program: client.py COMMAND BOOTSTRAP TOPIC [ARGUMENT...]; the answer is JSON."""
import json
import sys

from kafka import KafkaConsumer, KafkaProducer, TopicPartition

command, bootstrap, topic, *rest = sys.argv[1:]


def produce(codec, records):
    """Writes a JSON array of {key, value, headers, timestamp}."""
    producer = KafkaProducer(bootstrap_servers=bootstrap, acks="all", compression_type=None if codec == "none" else codec)
    written = [
        producer.send(
            topic,
            key=to_bytes(record.get("key")),
            value=to_bytes(record.get("value")),
            headers=[(name, to_bytes(text)) for name, text in record.get("headers", {}).items()],
            timestamp_ms=record.get("timestamp"),
        )
        for record in json.loads(records)
    ]
    answer = [{"partition": future.get(30).partition, "offset": future.get(30).offset} for future in written]
    producer.close()
    return answer


def group(name, count):
    """Reads as many records as said, as a member of a group, and leaves."""
    consumer = KafkaConsumer(
        topic,
        bootstrap_servers=bootstrap,
        group_id=name,
        auto_offset_reset="earliest",
        enable_auto_commit=False,
        consumer_timeout_ms=30_000,
        fetch_max_wait_ms=100,
    )
    read = []
    for record in consumer:
        read.append(describe(record))
        if len(read) == int(count):
            break
    consumer.commit()
    consumer.close()
    return read


def offsets():
    with_offsets, partitions = unassigned()
    low, high = with_offsets.beginning_offsets(partitions), with_offsets.end_offsets(partitions)
    return [{"partition": each.partition, "low": low[each], "high": high[each]} for each in partitions]


def time(timestamp):
    with_offsets, partitions = unassigned()
    found = with_offsets.offsets_for_times({each: int(timestamp) for each in partitions})
    return [{"partition": each.partition, "offset": found[each].offset if found[each] else -1} for each in partitions]


def committed(name):
    consumer = KafkaConsumer(bootstrap_servers=bootstrap, group_id=name)
    return [{"partition": each, "offset": consumer.committed(TopicPartition(topic, each))} for each in sorted(consumer.partitions_for_topic(topic))]


def unassigned():
    consumer = KafkaConsumer(bootstrap_servers=bootstrap)
    return consumer, [TopicPartition(topic, each) for each in sorted(consumer.partitions_for_topic(topic))]


def describe(record):
    return {
        "partition": record.partition,
        "offset": record.offset,
        "key": to_text(record.key),
        "value": to_text(record.value),
        "headers": {name: to_text(value) for name, value in record.headers},
        "timestamp": record.timestamp,
    }


def to_bytes(text):
    return None if text is None else text.encode()


def to_text(raw):
    return None if raw is None else raw.decode()


print(json.dumps({"produce": produce, "group": group, "offsets": offsets, "time": time, "committed": committed}[command](*rest)))

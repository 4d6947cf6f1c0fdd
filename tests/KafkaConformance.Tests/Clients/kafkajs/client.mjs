// kafkajs as a program: node client.mjs COMMAND BOOTSTRAP TOPIC [ARGUMENT...]; the answer is JSON. NODE_PATH says where kafkajs is.
import { createRequire } from 'node:module'

const { Kafka, CompressionTypes, logLevel } = createRequire(`${process.env.NODE_PATH}/`)('kafkajs')
const [command, bootstrap, topic, ...rest] = process.argv.slice(2)
const kafka = new Kafka({ clientId: 'conformance', brokers: [bootstrap], logLevel: logLevel.ERROR })

const commands = {
  // The records are a JSON array of {key, value, headers, timestamp}.
  async produce(records) {
    const producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1 })
    await producer.connect()
    const written = await producer.send({ topic, compression: CompressionTypes.GZIP, messages: JSON.parse(records) })
    await producer.disconnect()
    return written.map(({ partition, baseOffset }) => ({ partition, baseOffset }))
  },

  // Reads as many records as said, as a member of a group, and leaves.
  async group(group, count) {
    const consumer = kafka.consumer({ groupId: group, maxWaitTimeInMs: 100 })
    await consumer.connect()
    await consumer.subscribe({ topic, fromBeginning: true })
    const read = []
    await new Promise((resolve, reject) => {
      consumer.on(consumer.events.CRASH, ({ payload }) => reject(payload.error))
      consumer.run({
        eachMessage: async ({ partition, message }) => {
          read.push(describe(partition, message))
          if (read.length === Number(count)) resolve()
        },
      })
    })
    await consumer.commitOffsets(nextOffsets(read))
    await consumer.disconnect()
    return read
  },

  async offsets() {
    return withAdmin(async admin => (await admin.fetchTopicOffsets(topic)).map(({ partition, low, high }) => ({ partition, low, high })))
  },

  async time(timestamp) {
    return withAdmin(admin => admin.fetchTopicOffsetsByTimestamp(topic, Number(timestamp)))
  },

  async committed(group) {
    return withAdmin(async admin => (await admin.fetchOffsets({ groupId: group, topics: [topic] }))[0].partitions.map(({ partition, offset }) => ({ partition, offset })))
  },
}

async function withAdmin(work) {
  const admin = kafka.admin()
  await admin.connect()
  const answer = await work(admin)
  await admin.disconnect()
  return answer
}

function describe(partition, { offset, key, value, headers, timestamp }) {
  const texts = Object.fromEntries(Object.entries(headers ?? {}).map(([name, text]) => [name, text.toString()]))
  return { partition, offset, key: key?.toString() ?? null, value: value?.toString() ?? null, headers: texts, timestamp }
}

function nextOffsets(read) {
  const next = new Map(read.map(({ partition, offset }) => [partition, (BigInt(offset) + 1n).toString()]))
  return [...next].map(([partition, offset]) => ({ topic, partition, offset }))
}

console.log(JSON.stringify(await commands[command](...rest)))

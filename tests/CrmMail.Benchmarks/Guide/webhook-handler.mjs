// The handler that guides for webhooks and Kafka show: the body is parsed, written again to be signed, and every request awaits a send of its own.
import { createHmac } from 'node:crypto';
import express from 'express';
import { Kafka, logLevel } from 'kafkajs';

const [brokers, topic, secret] = process.argv.slice(2);
const producer = new Kafka({ clientId: 'guide', brokers: brokers.split(','), logLevel: logLevel.ERROR }).producer();
await producer.connect();

const app = express();
app.use(express.json({ limit: '10mb' }));
app.post('/webhooks/emailengine', async (request, response) => {
  const expected = createHmac('sha256', secret).update(JSON.stringify(request.body)).digest('base64url');
  if (request.get('x-ee-wh-signature') !== expected) {
    response.sendStatus(401);
    return;
  }

  await producer.send({ topic, acks: -1, messages: [{ key: request.body.account, value: JSON.stringify(request.body) }] });
  response.sendStatus(202);
});
const server = app.listen(0, '127.0.0.1', () => console.log(`Now listening on: http://127.0.0.1:${server.address().port}`));

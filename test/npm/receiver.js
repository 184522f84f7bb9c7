// A receiver of webhooks for the tests. It reads every request with the libraries that others read them with, and writes
// what it got to a file, a JSON object a line: method, url, headers, body, verified, events, error.
//   node receiver.js PORT FILE [SECRET]
// With a secret it verifies signatures, and answers 401 to what is not signed with it. Otherwise it answers what
// POST /answer has set last (an object with status and body; in the body {headers} stands for the headers of the request), or 204.
'use strict';
const fs = require('node:fs');
const http = require('node:http');
const zlib = require('node:zlib');
const { HTTP } = require('cloudevents');
const { Webhook } = require('standardwebhooks');

const [port, file, secret] = process.argv.slice(2);
const webhook = secret ? new Webhook(secret) : null;
let answer = { status: 204, body: '' };

// What the libraries make of a request.
function read(headers, body) {
    const seen = { verified: null, events: [] };
    try {
        if (webhook) {
            seen.verified = false;
            webhook.verify(body, headers);
            seen.verified = true;
        }
        const message = { headers, body };
        seen.is_event = HTTP.isEvent(message);
        const events = HTTP.toEvent(message);
        for (const event of Array.isArray(events) ? events : [events]) {
            event.validate();
            seen.events.push(event.toJSON());
        }
    } catch (error) {
        seen.error = `${error.name}: ${error.message}`;
    }
    return seen;
}

function receive(request, response, bytes) {
    const coded = request.headers['content-encoding'] === 'gzip';
    const body = (coded ? zlib.gunzipSync(bytes) : bytes).toString('utf8');
    const seen = read(request.headers, body);
    const line = { method: request.method, url: request.url, headers: request.headers, raw: request.rawHeaders, body, ...seen };
    fs.appendFileSync(file, JSON.stringify(line) + '\n');
    const { status, body: text } = seen.verified === false ? { status: 401, body: '' } : answer;
    response.writeHead(status, { 'Content-Type': 'text/plain' });
    response.end((text || '').replace('{headers}', JSON.stringify(request.headers)));
}

http.createServer((request, response) => {
    const parts = [];
    request.on('data', (part) => parts.push(part));
    request.on('end', () => {
        const bytes = Buffer.concat(parts);
        if (request.url !== '/answer') return receive(request, response, bytes);
        answer = JSON.parse(bytes.toString('utf8'));
        return response.writeHead(204).end();
    });
}).listen(Number(port), '127.0.0.1', () => console.log('listening'));
